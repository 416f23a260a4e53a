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

/// Referred-By = ( name-addr / addr-spec ) *( SEMI ( referredby-id-param / generic-param ) )
/// RFC 3892 §3
template <class Text>
struct BasicReferredBy {
  static constexpr HeaderName name{.full = "Referred-By", .compact = 'b'};
  using View = BasicReferredBy<std::string_view>;
  using Value = BasicReferredBy<std::string>;

  Text display_name{};
  BasicUri<Text> uri{};
  BasicParams<Text, ';'> params{};

  /// The Content-ID of the body that vouches for it, without its brackets.
  std::optional<std::string_view> cid() const { return params.find("cid"); }

  static std::optional<BasicReferredBy> parse(Scanner& in) { return parse_as<BasicReferredBy>(in); }
  void write(Writer& out) const {
    write_address(out, display_name, uri);
    params.write(out);
  }
  bool operator==(const BasicReferredBy&) const = default;
};

using ReferredBy = BasicReferredBy<std::string>;
using ReferredByView = BasicReferredBy<std::string_view>;
/// Refuses a cid that is no message identifier in both modes: RFC 3892 §3
bool read(Scanner& in, ReferredByView& to);
/// With the escapes of its display name undone.
ReferredBy own(const ReferredByView& view);
static_assert(Header<ReferredBy>);

}  // namespace kith::sip
