#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/base/text.h"
#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// How a call is to be answered, or was: answer-mode-value *( SEMI answer-mode-param )
/// RFC 5373 §2: in an INVITE and in the 200 that answers it. Values are the same in any case; of
/// one that is not known nothing is meant.
template <class Name, class Text>
struct AnswerModeValue {
  static constexpr HeaderName name = Name::name;
  using View = AnswerModeValue<Name, std::string_view>;
  using Value = AnswerModeValue<Name, std::string>;

  Text mode{};  // "Manual", "Auto" or a token
  BasicParams<Text, ';'> params{};

  bool manual() const { return equal_ignoring_case(mode, "Manual"); }
  bool automatic() const { return equal_ignoring_case(mode, "Auto"); }
  /// Refuse rather than answer otherwise: RFC 5373 §4
  bool require() const { return params.has("require"); }

  static std::optional<AnswerModeValue> parse(Scanner& in) { return parse_as<AnswerModeValue>(in); }
  void write(Writer& out) const {
    out << mode;
    params.write(out);
  }
  static auto tie(auto& self) { return std::tie(self.mode, self.params); }
  bool operator==(const AnswerModeValue&) const = default;
};

/// Any token is a mode; of one that is not known manual() and automatic() are both false.
template <class Name>
bool read(Scanner& in, AnswerModeValue<Name, std::string_view>& to) {
  return in.token(to.mode) && read(in, to.params);
}

}  // namespace kith::sip
