#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// Session-ID = sess-uuid *( SEMI sess-id-param )
/// sess-uuid = 32( DIGIT / %x61-66 ), or nil, which is 32 zeros, where it is not known
/// sess-id-param = "remote" EQUAL sess-uuid / generic-param
/// RFC 7989 §5
template <class Text>
struct BasicSessionId {
  static constexpr HeaderName name{.full = "Session-ID"};
  using View = BasicSessionId<std::string_view>;
  using Value = BasicSessionId<std::string>;

  Text uuid{};  // of the sender
  BasicParams<Text, ';'> params{};

  /// The UUID of the other side; absent in what a peer of RFC 7329 sends.
  std::optional<std::string_view> remote() const { return params.find("remote"); }
  /// What stands for a UUID that is not known.
  static constexpr std::string_view nil = "00000000000000000000000000000000";

  static std::optional<BasicSessionId> parse(Scanner& in) { return parse_as<BasicSessionId>(in); }
  void write(Writer& out) const {
    out << uuid;
    params.write(out);
  }
  static auto tie(auto& self) { return std::tie(self.uuid, self.params); }
  bool operator==(const BasicSessionId&) const = default;
};

using SessionId = BasicSessionId<std::string>;
using SessionIdView = BasicSessionId<std::string_view>;
/// Refuses a UUID, of remote too, that is not 32 lower-case hexadecimal digits, in both modes.
bool read(Scanner& in, SessionIdView& to);
static_assert(Header<SessionId>);

}  // namespace kith::sip
