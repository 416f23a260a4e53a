#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// P-Answer-State = answer-type *( SEMI generic-param )
/// answer-type    = "Confirmed" / "Unconfirmed" / token
/// RFC 4964 §7.1: whether the one who answers is a person, or a server on trust that one will
template <class Text>
struct BasicPAnswerState {
  static constexpr HeaderName name{.full = "P-Answer-State"};
  using View = BasicPAnswerState<std::string_view>;
  using Value = BasicPAnswerState<std::string>;

  Text answer_type{};
  BasicParams<Text, ';'> params{};

  bool confirmed() const { return equal_ignoring_case(answer_type, "Confirmed"); }
  bool unconfirmed() const { return equal_ignoring_case(answer_type, "Unconfirmed"); }

  static std::optional<BasicPAnswerState> parse(Scanner& in) {
    return parse_as<BasicPAnswerState>(in);
  }
  void write(Writer& out) const {
    out << answer_type;
    params.write(out);
  }
  static auto tie(auto& self) { return std::tie(self.answer_type, self.params); }
  bool operator==(const BasicPAnswerState&) const = default;
};

using PAnswerState = BasicPAnswerState<std::string>;
using PAnswerStateView = BasicPAnswerState<std::string_view>;
/// Any token is an answer-type: RFC 4964 §7.1
bool read(Scanner& in, PAnswerStateView& to);
static_assert(Header<PAnswerState>);

}  // namespace kith::sip
