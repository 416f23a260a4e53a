#include "kith/sip/header/feature_caps.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 6809 §6.2.1: Feature-Caps") {
  test::accepts<FeatureCaps>(
      {{"*;+g.x.a;+g.x.b=\"<a,b>\"", ""}, {"* ; +sip.x=\"TRUE\"", "*;+sip.x=\"TRUE\""}, {"*", ""}});
  test::refuses<FeatureCaps>(
      {"", "+g.x", ";+g.x", "* +g.x", "**", "*;=1", "*;+g.x=\"a", "<sip:a@b>"});
  const auto header = test::read_whole<FeatureCaps>("*;+g.x.A;+g.b=\"c\"", kith::Mode::strict);
  CHECK(header->find("g.x.a") == "");
  CHECK(header->find("g.b") == "c");
  CHECK_FALSE(header->find("g.x"));
}

TEST_CASE("RFC 6809 §6.3.2: a feature-capability indicator begins with a plus sign") {
  test::tolerates<FeatureCaps>(
      {{"*;g.x", "feature-capability indicator without a plus sign", "*;g.x"},
       {"*;+", "feature-capability indicator without a plus sign", "*;+"},
       {"*;+g_x", "feature-capability indicator with an odd character", "*;+g_x"},
       {"*;+1", "feature-capability indicator without a plus sign", "*;+1"},
       {"*;+g.x=a", "unquoted value of a feature-capability indicator", "*;+g.x=a"},
       {"*;+g.x=\"\"", "odd value of a feature-capability indicator", "*;+g.x=\"\""}});
}
