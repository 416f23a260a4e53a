#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// presence-state = "register-action" EQUAL quoted-string *( SEMI generic-param )
/// [MS-SIPREGE] §3.1.1.5.1: whether a REGISTER made the binding ("added") or not ("fixed")
template <class Text>
struct BasicPresenceState {
  static constexpr HeaderName name{.full = "presence-state"};
  using View = BasicPresenceState<std::string_view>;
  using Value = BasicPresenceState<std::string>;

  Text register_action{};  // of a view with its escapes

  static std::optional<BasicPresenceState> parse(Scanner& in) {
    return parse_as<BasicPresenceState>(in);
  }
  void write(Writer& out) const {
    out << "register-action=";
    if constexpr (Owning<Text>)
      out.quoted(register_action);
    else
      out << '"' << register_action << '"';
  }
  bool operator==(const BasicPresenceState&) const = default;
};

using PresenceState = BasicPresenceState<std::string>;
using PresenceStateView = BasicPresenceState<std::string_view>;
/// Takes a token for the quoted-string in both modes; parameters are read and not kept.
bool read(Scanner& in, PresenceStateView& to);
/// With the escapes of its quoted-string undone.
PresenceState own(const PresenceStateView& view);
static_assert(Header<PresenceState>);

}  // namespace kith::sip
