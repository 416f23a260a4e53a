#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kith/sip/header.h"
#include "kith/sip/params.h"
#include "kith/sip/shape/name_addr.h"
#include "kith/sip/uri.h"

namespace kith::sip {

/// Whether the served user is the one who calls or the one who is called.
enum class SessionCase : std::uint8_t { orig, term };
/// Whether the served user is registered.
enum class RegistrationState : std::uint8_t { unreg, reg };

/// P-Served-User            = ( name-addr / addr-spec ) *( SEMI served-user-param )
/// sessioncase-param        = "sescase" EQUAL ( "orig" / "term" ) / "orig-cdiv"
/// registration-state-param = "regstate" EQUAL ( "unreg" / "reg" )
/// RFC 5502 §6 as RFC 8498 §6.2 corrects it: with orig-cdiv, and one value in a message
/// (RFC 8498 §5)
template <class Text>
struct BasicPServedUser {
  static constexpr HeaderName name{.full = "P-Served-User"};
  using View = BasicPServedUser<std::string_view>;
  using Value = BasicPServedUser<std::string>;

  Text display_name{};
  BasicUri<Text> uri{};
  BasicParams<Text, ';'> params{};

  std::optional<SessionCase> sescase() const;
  std::optional<RegistrationState> regstate() const;
  /// Whether the session begins anew after a diversion of the served user's.
  bool orig_cdiv() const { return params.has("orig-cdiv"); }

  static std::optional<BasicPServedUser> parse(Scanner& in) {
    return parse_as<BasicPServedUser>(in);
  }
  void write(Writer& out) const {
    write_address(out, display_name, uri);
    params.write(out);
  }
  bool operator==(const BasicPServedUser&) const = default;
};

using PServedUser = BasicPServedUser<std::string>;
using PServedUserView = BasicPServedUser<std::string_view>;
/// Refuses a sescase or regstate that is not known in both modes.
bool read(Scanner& in, PServedUserView& to);
/// With the escapes of its display name undone.
PServedUser own(const PServedUserView& view);
static_assert(Header<PServedUser>);

}  // namespace kith::sip
