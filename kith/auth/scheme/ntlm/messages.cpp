#include "kith/auth/scheme/ntlm/messages.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <ratio>

#include "kith/auth/scheme/ntlm/flags.h"
#include "kith/base/ensure.h"

namespace kith::auth::ntlm {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view signature = "NTLMSSP\0"sv;
constexpr std::size_t challenge_size = 8;
/// The version of NTLMv2's own client challenge, and the highest that it understands.
constexpr std::string_view response_version = "\x01\x01"sv;
constexpr char revision = 15;  // of NTLM itself; [MS-NLMP] §2.2.2.10

/// Little-endian, from the front; `whole` turns false when there is not enough.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : all_(bytes), rest_(bytes) {}

  template <class Number>
  Number number() {
    Number value = 0;
    const std::string_view bytes = take(sizeof(Number));
    for (std::size_t i = bytes.size(); i-- > 0;)
      value = static_cast<Number>(static_cast<std::uint64_t>(value) << 8U |
                                  static_cast<unsigned char>(bytes[i]));
    return value;
  }
  std::string_view take(std::size_t size) {
    if (size > rest_.size()) {
      whole_ = false;
      return {};
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  /// What a field of the head names: its length, twice, and where in the message it begins.
  std::string field() {
    const auto size = number<std::uint16_t>();
    number<std::uint16_t>();
    const auto offset = number<std::uint32_t>();
    if (size == 0) return {};
    if (offset > all_.size() || size > all_.size() - offset) {
      whole_ = false;
      return {};
    }
    first_ = std::min<std::size_t>(first_, offset);
    return std::string(all_.substr(offset, size));
  }
  Version version() {
    const Version version{.major = number<std::uint8_t>(),
                          .minor = number<std::uint8_t>(),
                          .build = number<std::uint16_t>()};
    take(4);
    return version;
  }
  bool is(std::string_view text) { return take(text.size()) == text; }
  bool whole() const { return whole_; }
  std::string_view rest() const { return rest_; }
  /// Where the first field begins that is not empty.
  std::size_t first() const { return first_; }

 private:
  std::string_view all_;
  std::string_view rest_;
  std::size_t first_ = std::numeric_limits<std::size_t>::max();
  bool whole_ = true;
};

void put(std::string& out, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(value >> (8 * i) & 0xFFU);
}

/// What follows the head of a message, and where in it each field begins.
class Payload {
 public:
  explicit Payload(std::size_t head_size) : begin_(head_size) {}

  /// Adds a value; what the head says of it.
  std::string field(std::string_view value) {
    ensure(value.size() <= std::numeric_limits<std::uint16_t>::max());
    std::string head;
    put(head, value.size(), 2);
    put(head, value.size(), 2);
    put(head, begin_ + text_.size(), 4);
    text_.append(value);
    return head;
  }
  const std::string& text() const { return text_; }

 private:
  std::size_t begin_;
  std::string text_;
};

std::string head_of(std::uint32_t type) {
  std::string head(signature);
  put(head, type, 4);
  return head;
}

void put(std::string& out, const Version& version) {
  put(out, version.major, 1);
  put(out, version.minor, 1);
  put(out, version.build, 2);
  out.append(3, '\0') += revision;
}

bool has(std::uint32_t flags, std::uint32_t flag) { return (flags & flag) != 0; }

}  // namespace

std::optional<TargetInfo> parse_target_info(std::string_view bytes) {
  TargetInfo info;
  Reader in(bytes);
  while (in.whole()) {
    const auto id = static_cast<AvId>(in.number<std::uint16_t>());
    const auto size = in.number<std::uint16_t>();
    const std::string_view value = in.take(size);
    if (!in.whole()) break;
    if (id == AvId::end) return size == 0 ? std::optional(std::move(info)) : std::nullopt;
    info.push_back({.id = id, .value = std::string(value)});
  }
  return std::nullopt;
}

std::string write(const TargetInfo& info) {
  std::string out;
  for (const AvPair& pair : info) {
    put(out, static_cast<std::uint16_t>(pair.id), 2);
    put(out, pair.value.size(), 2);
    out.append(pair.value);
  }
  put(out, 0, 4);
  return out;
}

std::optional<std::string_view> find(const TargetInfo& info, AvId id) {
  const auto found = std::ranges::find(info, id, &AvPair::id);
  return found == info.end() ? std::nullopt : std::optional<std::string_view>(found->value);
}

std::optional<ChallengeMessage> ChallengeMessage::parse(std::string_view token) {
  Reader in(token);
  ChallengeMessage message;
  if (!in.is(signature) || in.number<std::uint32_t>() != 2) return std::nullopt;
  message.target_name = in.field();
  message.flags = in.number<std::uint32_t>();
  message.server_challenge = in.take(challenge_size);
  in.take(8);
  const std::string info = in.field();
  if (has(message.flags, flag::version)) message.version = in.version();
  if (!in.whole()) return std::nullopt;
  if (!has(message.flags, flag::target_info)) return message;
  std::optional<TargetInfo> pairs = parse_target_info(info);
  if (!pairs) return std::nullopt;
  message.target_info = std::move(*pairs);
  return message;
}

std::string ChallengeMessage::write() const {
  const bool with_version = has(flags, flag::version);
  Payload payload(with_version ? 56 : 48);
  std::string out = head_of(2);
  out.append(payload.field(target_name));
  put(out, flags, 4);
  out.append(server_challenge).append(8, '\0');
  out.append(payload.field(has(flags, flag::target_info) ? ntlm::write(target_info) : ""));
  if (with_version) put(out, version);
  return out.append(payload.text());
}

std::optional<AuthenticateMessage> AuthenticateMessage::parse(std::string_view token) {
  Reader in(token);
  AuthenticateMessage message;
  if (!in.is(signature) || in.number<std::uint32_t>() != 3) return std::nullopt;
  message.lm_response = in.field();
  message.nt_response = in.field();
  message.domain = in.field();
  message.user = in.field();
  message.workstation = in.field();
  message.session_key = in.field();
  message.flags = in.number<std::uint32_t>();
  if (has(message.flags, flag::version)) message.version = in.version();
  if (!in.whole()) return std::nullopt;
  constexpr std::size_t behind_mic = mic_offset + mic_size;
  if (token.size() >= behind_mic && in.first() >= behind_mic)
    message.mic = token.substr(mic_offset, mic_size);
  return message;
}

std::string AuthenticateMessage::write() const {
  const bool with_version = has(flags, flag::version) || !mic.empty();
  Payload payload(64 + (with_version ? 8U : 0U) + mic.size());
  // Text comes first in the payload and last in the head.
  std::string text = payload.field(domain);
  text.append(payload.field(user));
  text.append(payload.field(workstation));
  std::string out = head_of(3);
  out.append(payload.field(lm_response));
  out.append(payload.field(nt_response)).append(text);
  out.append(payload.field(session_key));
  put(out, flags, 4);
  if (with_version) put(out, version);
  return out.append(mic).append(payload.text());
}

bool ClientChallenge::promises_mic() const {
  const std::optional<std::string_view> flags = find(target_info, AvId::flags);
  return flags && flags->size() == 4 && (static_cast<unsigned char>(flags->front()) & has_mic) != 0;
}

std::optional<ClientChallenge> ClientChallenge::parse(std::string_view bytes) {
  Reader in(bytes);
  ClientChallenge challenge;
  if (!in.is(response_version)) return std::nullopt;
  in.take(6);
  challenge.time = in.number<std::uint64_t>();
  challenge.challenge = in.take(challenge_size);
  in.take(4);
  if (!in.whole()) return std::nullopt;
  std::optional<TargetInfo> info = parse_target_info(in.rest());
  if (!info) return std::nullopt;
  challenge.target_info = std::move(*info);
  return challenge;
}

std::string ClientChallenge::write() const {
  std::string out(response_version);
  out.append(6, '\0').append(write_filetime(time)).append(challenge).append(4, '\0');
  out.append(ntlm::write(target_info)).append(4, '\0');
  return out;
}

std::uint64_t filetime(Time time) {
  using Tenths = std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>;
  constexpr Tenths from_1601_to_1970 = std::chrono::seconds(11'644'473'600);
  return static_cast<std::uint64_t>(
      (std::chrono::duration_cast<Tenths>(time.time_since_epoch()) + from_1601_to_1970).count());
}

std::string write_filetime(std::uint64_t time) {
  std::string out;
  put(out, time, 8);
  return out;
}

std::optional<std::uint64_t> read_filetime(std::string_view bytes) {
  if (bytes.size() != sizeof(std::uint64_t)) return std::nullopt;
  return Reader(bytes).number<std::uint64_t>();
}

}  // namespace kith::auth::ntlm
