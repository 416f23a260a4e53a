#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kith/base/time.h"

/// The tokens of NTLM, [MS-NLMP] §2.2. Text is UTF-16 as raw bytes, all else raw bytes, too.
/// Connectionless NTLM has two: the server's CHALLENGE and the client's AUTHENTICATE.
namespace kith::auth::ntlm {

/// Which value of TargetInfo; [MS-NLMP] §2.2.2.1.
enum class AvId : std::uint16_t {
  end = 0,
  netbios_computer = 1,
  netbios_domain = 2,
  dns_computer = 3,
  dns_domain = 4,
  flags = 6,
  timestamp = 7,
};

/// One value of TargetInfo.
struct AvPair {
  AvId id = AvId::end;
  std::string value;

  bool operator==(const AvPair&) const = default;
};

/// In order, without the one that ends them.
using TargetInfo = std::vector<AvPair>;

/// Up to the pair that ends them, which must be there; what follows it is not looked at.
std::optional<TargetInfo> parse_target_info(std::string_view bytes);
/// With the pair that ends them put behind the last.
std::string write(const TargetInfo& info);
/// Nothing where there is none of that name.
std::optional<std::string_view> find(const TargetInfo& info, AvId id);

/// Which program speaks, for those who debug; eight bytes. [MS-NLMP] §2.2.2.10
struct Version {
  std::uint8_t major = 0;
  std::uint8_t minor = 0;
  std::uint16_t build = 0;

  bool operator==(const Version&) const = default;
};

/// [MS-NLMP] §2.2.1.2
struct ChallengeMessage {
  std::uint32_t flags = 0;
  std::string server_challenge;  // 8 bytes
  std::string target_name;
  TargetInfo target_info;
  Version version{};  // where the flags say that there is one

  static std::optional<ChallengeMessage> parse(std::string_view token);
  std::string write() const;
  bool operator==(const ChallengeMessage&) const = default;
};

/// [MS-NLMP] §2.2.1.3
struct AuthenticateMessage {
  static constexpr std::size_t mic_offset = 72;
  static constexpr std::size_t mic_size = 16;

  std::uint32_t flags = 0;
  std::string domain{};
  std::string user{};
  std::string workstation{};
  std::string lm_response{};
  std::string nt_response{};
  std::string session_key{};  // enciphered; empty without KEY_EXCH
  Version version{};          // where the flags say that there is one
  /// Room for the handshake's integrity code: written if it is not empty, and read wherever it can
  /// be one. Whether it is one, the NT response says.
  std::string mic{};

  static std::optional<AuthenticateMessage> parse(std::string_view token);
  std::string write() const;
  bool operator==(const AuthenticateMessage&) const = default;
};

/// What an NTLMv2 response has behind its proof; [MS-NLMP] §2.2.2.7.
struct ClientChallenge {
  std::uint64_t time = 0;  // tenths of a microsecond since 1601
  std::string challenge;   // 8 bytes
  TargetInfo target_info;  // the server's, and what the client adds

  /// Says that the AUTHENTICATE message has an integrity code; a bit of AvId::flags.
  static constexpr std::uint32_t has_mic = 2;
  bool promises_mic() const;

  static std::optional<ClientChallenge> parse(std::string_view bytes);
  std::string write() const;
  bool operator==(const ClientChallenge&) const = default;
};

/// The time as NTLM counts it.
std::uint64_t filetime(Time time);
/// The eight bytes of AvId::timestamp, and back; nothing for another number of bytes.
std::string write_filetime(std::uint64_t time);
/// Tenths of a microsecond since 1601, the lowest byte first.
std::optional<std::uint64_t> read_filetime(std::string_view bytes);

}  // namespace kith::auth::ntlm
