#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"
#include "kith/sip/shape/name_addr.h"
#include "kith/sip/uri.h"

namespace kith::sip {

/// History-Info = hi-entry *( COMMA hi-entry )
/// hi-entry = name-addr *( SEMI hi-param )
/// hi-param = ( "index" / "rc" / "mp" / "np" ) EQUAL index-val / generic-param
/// index-val = number *( "." number )
/// RFC 7044 §5: an entry has its index once. Why the request went on, and what must not be told,
/// stand in the URI as its headers Reason and Privacy.
template <class Text>
struct BasicHistoryInfo {
  static constexpr HeaderName name{.full = "History-Info", .multi = true};
  using View = BasicHistoryInfo<std::string_view>;
  using Value = BasicHistoryInfo<std::string>;

  Text display_name{};
  BasicUri<Text> uri{};
  BasicParams<Text, ';'> params{};

  /// Numbers with dots between them, "1.2.1"; not empty in what was read.
  std::string_view index() const { return params.find("index").value_or(""); }
  /// The index of the entry whose target became this one, the user staying the same.
  std::optional<std::string_view> rc() const { return params.find("rc"); }
  /// The index of the entry whose target was mapped to this one, which is another user.
  std::optional<std::string_view> mp() const { return params.find("mp"); }
  /// The index of the entry whose target is this one unchanged.
  std::optional<std::string_view> np() const { return params.find("np"); }

  static std::optional<BasicHistoryInfo> parse(Scanner& in) {
    return parse_as<BasicHistoryInfo>(in);
  }
  void write(Writer& out) const {
    write_address(out, display_name, uri);
    params.write(out);
  }
  bool operator==(const BasicHistoryInfo&) const = default;
};

using HistoryInfo = BasicHistoryInfo<std::string>;
using HistoryInfoView = BasicHistoryInfo<std::string_view>;
/// Refuses an entry without one index, or with an index, rc, mp or np that breaks its grammar, in
/// both modes; lenient notes a URI without angle brackets.
bool read(Scanner& in, HistoryInfoView& to);
/// With the escapes of its display name undone.
HistoryInfo own(const HistoryInfoView& view);
static_assert(Header<HistoryInfo>);

}  // namespace kith::sip
