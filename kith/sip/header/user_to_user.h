#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// User-to-User = uui-value *( COMMA uui-value )
/// uui-value = ( token / quoted-string ) *( SEMI uui-param )
/// uui-param = ( "purpose" / "content" / "encoding" ) EQUAL token / generic-param
/// RFC 7433 §4.1: in an INVITE or a BYE, and in what answers it
template <class Text>
struct BasicUserToUser {
  static constexpr HeaderName name{.full = "User-to-User", .multi = true};
  using View = BasicUserToUser<std::string_view>;
  using Value = BasicUserToUser<std::string>;

  Text data{};  // of a view with its escapes
  bool quoted = false;
  BasicParams<Text, ';'> params{};

  /// The application that it is for; nothing means "isdn-uui".
  std::optional<std::string_view> purpose() const { return params.find("purpose"); }
  std::optional<std::string_view> content() const { return params.find("content"); }
  /// "hex", or what the application agreed on.
  std::optional<std::string_view> encoding() const { return params.find("encoding"); }

  static std::optional<BasicUserToUser> parse(Scanner& in) { return parse_as<BasicUserToUser>(in); }
  /// What is no token is quoted in any case.
  void write(Writer& out) const;
  bool operator==(const BasicUserToUser&) const = default;
};

using UserToUser = BasicUserToUser<std::string>;
using UserToUserView = BasicUserToUser<std::string_view>;
/// Refuses a purpose, content or encoding that is no token in both modes.
bool read(Scanner& in, UserToUserView& to);
/// With the escapes of quoted data undone.
UserToUser own(const UserToUserView& view);
static_assert(Header<UserToUser>);

}  // namespace kith::sip
