#include "kith/crypto/rc4.h"

#include <utility>

#include "kith/base/ensure.h"

namespace kith::crypto {

Rc4::Rc4(std::string_view key) {
  ensure(!key.empty() && key.size() <= state_.size());
  for (std::size_t i = 0; i < state_.size(); ++i) state_.at(i) = static_cast<std::uint8_t>(i);
  std::uint8_t j = 0;
  for (std::size_t i = 0; i < state_.size(); ++i) {
    j = static_cast<std::uint8_t>(j + state_.at(i) +
                                  static_cast<std::uint8_t>(key[i % key.size()]));
    std::swap(state_.at(i), state_.at(j));
  }
}

std::string Rc4::apply(std::string_view bytes) {
  std::string out(bytes);
  for (char& c : out) {
    j_ = static_cast<std::uint8_t>(j_ + state_.at(++i_));
    std::swap(state_.at(i_), state_.at(j_));
    const auto sum = static_cast<std::uint8_t>(state_.at(i_) + state_.at(j_));
    c = static_cast<char>(static_cast<std::uint8_t>(c) ^ state_.at(sum));
  }
  return out;
}

}  // namespace kith::crypto
