#include "kith/sip/qvalue.h"

#include <doctest/doctest.h>

#include <string_view>

using namespace kith;
using namespace kith::sip;

TEST_CASE("RFC 3261 §25.1: a qvalue is 0 to 1 with at most three places") {
  struct Case {
    std::string_view text;
    std::uint16_t thousandths;
    std::string_view written;
  };
  for (const Case& each :
       {Case{"0", 0, "0"}, Case{"0.", 0, "0"}, Case{"0.7", 700, "0.7"}, Case{"0.05", 50, "0.05"},
        Case{"0.120", 120, "0.12"}, Case{"0.001", 1, "0.001"}, Case{"1", 1000, "1"},
        Case{"1.000", 1000, "1"}}) {
    CAPTURE(each.text);
    const std::optional<QValue> q = QValue::parse(each.text);
    REQUIRE(q);
    CHECK(q->thousandths == each.thousandths);
    CHECK(written(*q) == each.written);
  }
  for (const std::string_view text : {"", ".5", "2", "-0", "1.1", "1.001", "0.1234", "1.0000",
                                      "00.5", "0,5", "0.5 ", "0.x", "10"}) {
    CAPTURE(text);
    CHECK_FALSE(QValue::parse(text));
  }
  CHECK_FALSE(QValue::parse(std::nullopt));
}

TEST_CASE("qvalues are ordered, and one that is absent counts as 1") {
  CHECK(QValue::parse("0.7") < QValue::parse("0.71"));
  CHECK(QValue::parse("0.500") == QValue::parse("0.5"));
  CHECK(QValue{} == QValue::parse("1"));
}
