#include "kith/sip/header/content_id.h"

#include "kith/sip/test/header_check.h"

using namespace kith;
using namespace kith::sip;
using namespace kith::sip::test;

TEST_CASE("RFC 2045 §7: a Content-ID is an identifier in angle brackets") {
  accepts<ContentId>({
      {"<part1@example.com>", {}},
      {"<a.b+c=d@[127.0.0.1]>", {}},
      {"<1@x>", {}},
  });
  refuses<ContentId>({"", "<>", "<a@>", "<@b>", "<a@b", "a@b>", "<a@b@c>", "<a b@c>", "<<a@b>>",
                      "<a@b> x", "a@b,c@d e"});
  CHECK(read_whole<ContentId>("<a@b>", Mode::strict)->id == "a@b");
}

TEST_CASE("a Content-ID without brackets or without @ is read leniently") {
  tolerates<ContentId>({
      {"walt@lab.example", "no angle brackets", "<walt@lab.example>"},
      {"<resourceList>", "no @ in an identifier", "<resourceList>"},
      {"resourceList", "no angle brackets", "<resourceList>"},
  });
}
