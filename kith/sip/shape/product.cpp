#include "kith/sip/shape/product.h"

#include <cstddef>

#include "kith/base/scanner.h"

namespace kith::sip {

namespace {

/// Brackets may stand in brackets.
bool read_comment(Scanner& in, std::string_view& comment) {
  if (!in.next('(')) return false;
  const char* const start = in.position();
  for (std::size_t depth = 1; !in.at_end(); in.skip(1)) {
    const char c = in.peek();
    if (c == '\\') in.skip(1);
    if (in.at_end()) return false;
    if (c == '(') ++depth;
    if (c == ')' && --depth == 0) {
      comment = in.since(start);
      return in.next(')');
    }
  }
  return false;
}

bool read_product(Scanner& in, Product& product) {
  if (in.peek() == '(') return read_comment(in, product.comment);
  return in.token(product.name) && (!in.separator('/') || in.token(product.version));
}

}  // namespace

std::vector<Product> products_of(std::string_view text) {
  std::vector<Product> products;
  Scanner in(text);
  do {
    if (!read_product(in, products.emplace_back())) return {};
  } while (in.space() && !in.at_end());
  if (!in.at_end()) products.clear();
  return products;
}

}  // namespace kith::sip
