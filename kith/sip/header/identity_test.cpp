#include "kith/sip/header/identity.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 8224 §4: Identity") {
  test::accepts<Identity>(
      {{"eyJhbGci.eyJkZXN0.rq3pjT1_-x;info=<https://biloxi.example.org/biloxi.cer>", ""},
       {"..rq3pjT1+/x ; Info = <https://a.example/a;b,c?d> ;alg=ES256; ppt=shaken",
        "..rq3pjT1+/x;info=<https://a.example/a;b,c?d>;alg=ES256;ppt=shaken"},
       {"a;info=<sip:a@b;c>;x=\"y\"", ""}});
  test::refuses<Identity>(
      {"", "a", "a;info", "a;info=", "a;info=<>", "a;info=<x>", "a;info=<http://x", "a;alg=ES256",
       "a;alg=ES256;info=<http://x>", ";info=<http://x>", "a=;info=<http://x>",
       "a;info=<http://x>;info=<http://y>", "a;info=<http://x>;info=y", "a b;info=<http://x>",
       "<a>;info=<http://x>", "a;info=\"http://x\"", "a;info=<http://x> y", "a;info=<http://x>;alg",
       "a;info=<http://x>;ppt=[::1]"});
  test::tolerates<Identity>(
      {{"a;info=<http://x>;ppt=\"shaken\"", "quotes around a value that is a token",
        "a;info=<http://x>;ppt=\"shaken\""}});
  const auto header =
      test::read_whole<Identity>("a;info=<http://x>;alg=ES256;PPT=shaken", kith::Mode::strict);
  CHECK(header->info == "http://x");
  CHECK(header->alg() == "ES256");
  CHECK(header->ppt() == "shaken");
}

TEST_CASE("RFC 4474 §9: the older form of Identity") {
  test::accepts<Identity>(
      {{"\"ZYNBbHC00VMZr2kZt6VmCvPonWJMGvQTBDqghoWeLxJfzB2a1pxAr3VgrB0Ssg=\"", ""},
       {"\"a+/==\"", ""},
       {"\"sv5CTo05KqpSmtHt3dcEiO/1 eU7d7OV8HweTTDobV3it\tpPqOg1uXndzHbG7mR6Rl=\"", ""}});
  test::refuses<Identity>({"\"\"", "\"=\"", "\" \"", "\"a", "a\"", "\"a= b\"", "\"a=b\"",
                           "\"a.b.c\"", "\"a\";alg=x", "\"a\";info=<http://x>"});
  CHECK(test::read_whole<Identity>("\"a\"", kith::Mode::strict)->quoted);
}

TEST_CASE("RFC 4475 §3.1.1.11: Identity as the drafts had it, a signature without quotes") {
  test::accepts<Identity>(
      {{"r5mwreLuyDRYBi/0TiPwEsY3rEVsk/G2WxhgTV1PF7hHuLIK0YWVKZhKv9Mj8UeXqg==", ""}, {"abc=", ""}});
  test::refuses<Identity>({"abc", "ab=", "====", "ab=c", "abc=;alg=x", "abc= abc="});
}
