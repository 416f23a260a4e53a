#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"

namespace kith::sip {

/// Call-ID = word [ "@" word ]
/// RFC 3261 §20.8; compared byte by byte.
template <class Text>
struct BasicCallId {
  static constexpr HeaderName name{.full = "Call-ID", .compact = 'i'};
  using View = BasicCallId<std::string_view>;
  using Value = BasicCallId<std::string>;

  Text value{};

  static std::optional<BasicCallId> parse(Scanner& in) { return parse_as<BasicCallId>(in); }
  void write(Writer& out) const { out << value; }
  static auto tie(auto& call_id) { return std::tie(call_id.value); }
  auto operator<=>(const BasicCallId&) const = default;
};

using CallId = BasicCallId<std::string>;
using CallIdView = BasicCallId<std::string_view>;
/// The same in both modes: what follows the words, such as a second "@", is left in the scanner.
bool read(Scanner& in, CallIdView& call_id);
/// One that is all of the text. Of any other nothing is kept, and false returned.
bool read_usual(const Cursor& text, CallIdView& call_id);
static_assert(Header<CallId>);

}  // namespace kith::sip
