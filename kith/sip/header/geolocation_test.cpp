#include "kith/sip/header/geolocation.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 6442 §4.1: Geolocation") {
  test::accepts<Geolocation>({{"<cid:target123@atlanta.example.com>", ""},
                              {"<sips:3sdefrhy2jj7@lis.atlanta.example.com;x> ; y=z",
                               "<sips:3sdefrhy2jj7@lis.atlanta.example.com;x>;y=z"},
                              {"<https://a.example/a,b>;loc-src=a.example", ""}});
  test::refuses<Geolocation>({"", "<>", "cid:a@b", "A <cid:a@b>", "\"\" <cid:a@b>", "<cid:a@b",
                              "<a>", "<cid:a@b> x", "<cid:a@b>;=1"});
  const auto header = test::read_whole<Geolocation>("<cid:a@b>;Loc-Src=c", kith::Mode::strict);
  CHECK(header->loc_src() == "c");
  CHECK_FALSE(test::read_whole<Geolocation>("<cid:a@b>", kith::Mode::strict)->loc_src());
}
