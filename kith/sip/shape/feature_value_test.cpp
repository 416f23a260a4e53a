#include "kith/sip/shape/feature_value.h"

#include <doctest/doctest.h>

using kith::sip::is_feature_value;

TEST_CASE("RFC 3840 §9: the values of a feature are tokens, numbers with a relation, or a string") {
  for (const char* text : {"TRUE", "!FALSE", "audio", "a,b , !c", "#=4", "#>=-2.5", "#<=+3.",
                           "#1:5", "!#1.5:2", "<urn:uuid:1,2>", "<>", "<a\\>b>"}) {
    CAPTURE(text);
    CHECK(is_feature_value(text));
  }
  for (const char* text :
       {"",    "!",    "!!a", ",a",  "a,", "a,,b", "#",    "#4",    "#>4",   "#=",  "#=.5",
        "#1:", "#a:b", "a b", "a!b", "<a", "a>",   "<a>b", "<a<b>", "<a\\>", "a\"b"}) {
    CAPTURE(text);
    CHECK_FALSE(is_feature_value(text));
  }
}
