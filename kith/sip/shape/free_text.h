#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "kith/base/text.h"
#include "kith/sip/header.h"
#include "kith/sip/shape/product.h"

namespace kith::sip {

/// Whether a text may hold comments: in these, and only there, a quoted-pair may be of a control
/// character; RFC 3261 §25.1
enum class Comments : std::uint8_t { none, allowed };

/// TEXT-UTF8-TRIM, also with nothing in it: no control characters but tabs, and UTF-8 as RFC 3629
/// §4 has it; RFC 3261 §25.1
bool is_text_utf8(std::string_view text, Comments comments = Comments::none);

/// A header that is text for people and logs. Blanks at its ends are not kept; lenient accepts
/// anything. Name says which: its name, and has_products, if it is made of products and
/// comments.
template <class Name, class Text>
struct FreeText {
  static constexpr HeaderName name = Name::name;
  using View = FreeText<Name, std::string_view>;
  using Value = FreeText<Name, std::string>;

  Text text{};

  /// What a Server or a User-Agent names itself by; none if its text does not keep to the grammar.
  std::vector<Product> products() const
    requires(requires { Name::has_products; })
  {
    return products_of(text);
  }

  static std::optional<FreeText> parse(Scanner& in) { return parse_as<FreeText>(in); }
  void write(Writer& out) const { out << text; }
  static auto tie(auto& self) { return std::tie(self.text); }
  bool operator==(const FreeText&) const = default;
};

/// Takes all that is left in the scanner; lenient notes bytes that are no text.
template <class Name>
bool read(Scanner& in, FreeText<Name, std::string_view>& to) {
  to.text = trim(in.rest());
  constexpr auto comments = requires { Name::has_products; } ? Comments::allowed : Comments::none;
  if ((in.strict() || in.notes()) && !is_text_utf8(to.text, comments) &&
      !in.allow("bytes that are no UTF-8 text"))
    return false;
  in.skip(in.rest().size());
  return true;
}

}  // namespace kith::sip
