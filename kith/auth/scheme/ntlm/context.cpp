#include "kith/auth/scheme/ntlm/context.h"

#include <array>
#include <string>
#include <string_view>

#include "kith/auth/scheme/ntlm/flags.h"
#include "kith/auth/scheme/ntlm/keys.h"
#include "kith/crypto/digest.h"
#include "kith/crypto/rc4.h"

namespace kith::auth::ntlm {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view version = "\1\0\0\0"sv;
constexpr std::string_view sequence = "\x64\0\0\0"sv;
constexpr std::size_t mic_size = 16;

constexpr std::array<std::uint32_t, 256> crc_table = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit)
      value = (value & 1U) != 0 ? value >> 1U ^ 0xEDB88320U : value >> 1U;
    table.at(i) = value;
  }
  return table;
}();

/// CRC-32 of the text, low byte first.
std::string crc32(std::string_view text) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const char c : text)
    crc = crc_table.at((crc ^ static_cast<unsigned char>(c)) & 0xFFU) ^ crc >> 8U;
  crc = ~crc;
  std::string out;
  for (unsigned i = 0; i < 4; ++i) out += static_cast<char>(crc >> (8 * i) & 0xFFU);
  return out;
}

void put_over(std::string& bytes, std::string_view stream) {
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<char>(static_cast<unsigned char>(bytes[i]) ^
                                 static_cast<unsigned char>(stream[i]));
}

std::string stream_of(std::string_view key, std::size_t size) {
  return crypto::Rc4(key).apply(std::string(size, '\0'));
}

/// With extended session security: a key for signing and a stream to hide it, for each direction.
/// The stream begins anew with each message and the sequence number never changes, so it is made
/// once.
class ExtendedContext final : public Context {
 public:
  ExtendedContext(const crypto::Secret& session_key, std::uint32_t flags, Side side)
      : own_(session_key, flags, of(side)),
        peer_(session_key, flags, of(side == Side::client ? Side::server : Side::client)) {}

  std::string mic(std::string_view text) override { return own_.mic(text); }
  bool verify(std::string_view text, std::string_view mic) override {
    return crypto::constant_time_equal(peer_.mic(text), mic);
  }

 private:
  struct Half {
    Half(const crypto::Secret& session_key, std::uint32_t flags, Direction direction)
        : key(sign_key(session_key, direction)), stream(std::string(8, '\0')) {
      if ((flags & flag::key_exch) == 0) return;
      std::string seal(seal_key(session_key, flags, direction).reveal());
      seal.append(sequence);
      stream = crypto::Secret(stream_of(crypto::view(crypto::md5(seal)), 8));
      crypto::wipe(seal);
    }
    std::string mic(std::string_view text) const {
      std::string numbered(sequence);
      numbered.append(text);
      std::string sum(crypto::view(crypto::hmac_md5(key.reveal(), numbered)).substr(0, 8));
      put_over(sum, stream.reveal());
      return std::string(version).append(sum).append(sequence);
    }

    crypto::Secret key;
    crypto::Secret stream;
  };
  static Direction of(Side side) {
    return side == Side::client ? Direction::client_to_server : Direction::server_to_client;
  }

  Half own_;
  Half peer_;
};

/// Without it: a checksum that anybody could make, hidden by one stream for both directions.
class PlainContext final : public Context {
 public:
  PlainContext(const crypto::Secret& session_key, std::uint32_t flags)
      : stream_(stream_of(seal_key(session_key, flags).reveal(), 12)) {}

  std::string mic(std::string_view text) override {
    std::string hidden = crc32(text).append(sequence);
    put_over(hidden, stream_.reveal().substr(4));
    return std::string(version).append(4, '\0').append(hidden);
  }
  bool verify(std::string_view text, std::string_view mic) override {
    if (mic.size() != mic_size) return false;
    std::string known(mic);
    known.replace(4, 4, 4, '\0');  // clients leave there what they have at hand
    return crypto::constant_time_equal(this->mic(text), known);
  }

 private:
  crypto::Secret stream_;
};

}  // namespace

std::unique_ptr<Context> make_context(const crypto::Secret& session_key, std::uint32_t flags,
                                      Side side) {
  if ((flags & flag::extended_session_security) != 0)
    return std::make_unique<ExtendedContext>(session_key, flags, side);
  return std::make_unique<PlainContext>(session_key, flags);
}

}  // namespace kith::auth::ntlm
