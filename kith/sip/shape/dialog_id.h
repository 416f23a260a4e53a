#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// A header that names a dialog of its recipient: callid *( SEMI param ). Name says which
/// parameters hold the tags; each must stand there exactly once.
template <class Name, class Text>
struct DialogId {
  static constexpr HeaderName name = Name::name;
  using View = DialogId<Name, std::string_view>;
  using Value = DialogId<Name, std::string>;

  Text call_id{};
  BasicParams<Text, ';'> params{};

  /// The tag that the recipient gave the dialog.
  std::string_view local_tag() const { return params.find(Name::local_tag).value_or(""); }
  /// The tag that the other side gave it.
  std::string_view remote_tag() const { return params.find(Name::remote_tag).value_or(""); }
  /// Only a dialog that is not yet confirmed is meant: RFC 3891 §6.1
  bool early_only() const
    requires(Name::may_be_early_only)
  {
    return params.has("early-only");
  }

  static std::optional<DialogId> parse(Scanner& in) { return parse_as<DialogId>(in); }
  void write(Writer& out) const {
    out << call_id;
    params.write(out);
  }
  static auto tie(auto& self) { return std::tie(self.call_id, self.params); }
  bool operator==(const DialogId&) const = default;
};

/// What the dialog is called in a header with parameters, where a Call-ID ends at a semicolon.
bool read_dialog_id(Scanner& in, std::string_view& call_id, ParamsView& params,
                    std::string_view local_tag, std::string_view remote_tag);

/// Refused in both modes unless each of the two tags stands there just once.
template <class Name>
bool read(Scanner& in, DialogId<Name, std::string_view>& to) {
  return read_dialog_id(in, to.call_id, to.params, Name::local_tag, Name::remote_tag);
}

/// The same dialog and the same said of it: the Call-ID byte by byte, RFC 3261 §20.8, the
/// parameters in any order and case, RFC 3261 §7.3.1
template <class Name, class A, class B>
bool equivalent(const DialogId<Name, A>& a, const DialogId<Name, B>& b) {
  return std::string_view{a.call_id} == std::string_view{b.call_id} &&
         equivalent(a.params, b.params);
}

}  // namespace kith::sip
