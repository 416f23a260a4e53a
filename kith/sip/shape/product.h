#pragma once

#include <string_view>
#include <vector>

namespace kith::sip {

/// One server-val: a product, perhaps with its version, or a comment. Points into what was read.
/// product = token [ SLASH product-version ], product-version = token
/// comment = LPAREN *( ctext / quoted-pair / comment ) RPAREN
/// RFC 3261 §25.1
struct Product {
  std::string_view name;     // empty: a comment
  std::string_view version;  // may be empty
  std::string_view comment;  // between its outer brackets, with its escapes

  bool operator==(const Product&) const = default;
};

/// server-val *( LWS server-val ), in its order; none at all if something in it is neither.
std::vector<Product> products_of(std::string_view text);

}  // namespace kith::sip
