#include "kith/sip/header/reply_to.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.31: Reply-To") {
  test::accepts<ReplyTo>({{"Bob <sip:bob@biloxi.com>", "\"Bob\" <sip:bob@biloxi.com>"},
                          {"sip:a@b;x=y", "<sip:a@b>;x=y"},
                          {"<tel:+1>;x", ""}});
  test::refuses<ReplyTo>({"", "<sip:a@b", "sip:a@b>", "\"Bob\" sip:a@b", "Bob sip:a@b", "<>",
                          "<sip:a@b> x", "sip:a@b?x=y", "sip:a@b, sip:c@d"});
}
