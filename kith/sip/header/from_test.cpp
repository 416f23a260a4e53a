#include "kith/sip/header/from.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.20: From") {
  test::accepts<From>({{"<sip:a@b>", ""},
                       {"sip:a@b", "<sip:a@b>"},
                       {"sip:a@b;tag=1", "<sip:a@b>;tag=1"},
                       {"Bob <sip:a@b>", "\"Bob\" <sip:a@b>"},
                       {"\"B, \\\"o;b\" <sip:a@b;lr>;tag=1", "\"B, \\\"o;b\" <sip:a@b;lr>;tag=1"},
                       {"Bob B. Ob<tel:+1> ;x", "\"Bob B. Ob\" <tel:+1>;x"}});
  test::refuses<From>({"", "<sip:a@b", "sip:a@b>", "\"Bob\" sip:a@b", "\"Bob <sip:a@b>",
                       "Bob sip:a@b", "<>", "<sip:a@b> x", "sip:a@b?x=y", "<sip:a@b>;t=\"1"});
  test::tolerates<From>(
      {{"a@b <sip:a@b>", "display name that should be quoted", "\"a@b\" <sip:a@b>"},
       {"< sip:a@b >", "blanks inside a URI", "<sip:a@b>"}});
}
