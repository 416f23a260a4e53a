#include "kith/sip/header/to.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.39: To") {
  test::accepts<To>({{"<sip:a@b>", ""},
                     {"sip:a@b", "<sip:a@b>"},
                     {"sip:a@b;tag=1", "<sip:a@b>;tag=1"},
                     {"Bob <sip:a@b>", "\"Bob\" <sip:a@b>"},
                     {"\"B, \\\"o;b\" <sip:a@b;lr>;tag=1", "\"B, \\\"o;b\" <sip:a@b;lr>;tag=1"},
                     {"Bob B. Ob<tel:+1> ;x", "\"Bob B. Ob\" <tel:+1>;x"}});
  test::refuses<To>({"", "<sip:a@b", "sip:a@b>", "\"Bob\" sip:a@b", "\"Bob <sip:a@b>",
                     "Bob sip:a@b", "<>", "<sip:a@b> x", "sip:a@b?x=y", "<sip:a@b>;t=\"1"});
}
