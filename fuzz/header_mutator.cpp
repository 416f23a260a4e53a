// Keeps "Name: " whole, so that most inputs reach a grammar: changes the value, or now and then
// gives it to another header.

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "fuzz/target.h"
#include "kith/sip/headers.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t size_max);
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t size_max, unsigned seed);

namespace {

template <class... H>
constexpr auto names_of(kith::sip::TypeList<H...>) {
  return std::array{H::name.full...};
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t size_max, unsigned seed) {
  constexpr auto names = names_of(kith::sip::AllHeaders{});
  const std::string_view text = kith::fuzz::text_of(data, size);
  const std::size_t colon = text.find(": ");
  std::string name{text.substr(0, colon == std::string_view::npos ? 0 : colon)};
  std::string value{text.substr(colon == std::string_view::npos ? 0 : colon + 2)};
  if (name.empty() || seed % 16 == 0) name = names[seed / 16 % names.size()];
  name += ": ";
  if (name.size() >= size_max) return size;
  const std::size_t room = size_max - name.size();
  value.resize(std::min(value.size(), room));
  std::memcpy(data, name.data(), name.size());
  std::memcpy(data + name.size(), value.data(), value.size());
  return name.size() + LLVMFuzzerMutate(data + name.size(), value.size(), room);
}
