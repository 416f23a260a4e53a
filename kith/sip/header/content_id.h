#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"

namespace kith::sip {

/// Content-ID = "<" id-left "@" id-right ">"
/// RFC 2045 §7; in a SIP message RFC 8262. Names a part of a multipart, or the whole body.
/// Lenient: without the brackets or without "@", as servers of Microsoft write it.
template <class Text>
struct BasicContentId {
  static constexpr HeaderName name{.full = "Content-ID"};
  using View = BasicContentId<std::string_view>;
  using Value = BasicContentId<std::string>;

  Text id{};  // without the brackets; compared byte for byte

  static std::optional<BasicContentId> parse(Scanner& in) { return parse_as<BasicContentId>(in); }
  void write(Writer& out) const { out << '<' << std::string_view{id} << '>'; }
  static auto tie(auto& self) { return std::tie(self.id); }
  bool operator==(const BasicContentId&) const = default;
};

using ContentId = BasicContentId<std::string>;
using ContentIdView = BasicContentId<std::string_view>;
/// Refuses an empty identifier, and nothing on one side of "@", in both modes.
bool read(Scanner& in, ContentIdView& to);
static_assert(Header<ContentId>);

}  // namespace kith::sip
