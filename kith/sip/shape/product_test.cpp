#include "kith/sip/shape/product.h"

#include <doctest/doctest.h>

using kith::sip::Product;
using kith::sip::products_of;

TEST_CASE("RFC 3261 §25.1: products with their versions, and comments, in their order") {
  const auto products = products_of("RTC/1.3.5369 (Messenger 5.1) a / b (c (d\\)) e) Kith");
  REQUIRE(products.size() == 5);
  CHECK(products[0] == Product{"RTC", "1.3.5369", ""});
  CHECK(products[1] == Product{"", "", "Messenger 5.1"});
  CHECK(products[2] == Product{"a", "b", ""});
  CHECK(products[3] == Product{"", "", "c (d\\)) e"});
  CHECK(products[4] == Product{"Kith", "", ""});
  CHECK(products_of("()").size() == 1);
}

TEST_CASE("RFC 3261 §25.1: what is neither a product nor a comment has no products") {
  for (const char* text : {"", "/1", "a/", "a/(b)", "(a", "(a\\", "(a))", "a(b)", "a, b", "a/1;b",
                           "\"a\"", "<a>", "a/1/2"}) {
    CAPTURE(text);
    CHECK(products_of(text).empty());
  }
}
