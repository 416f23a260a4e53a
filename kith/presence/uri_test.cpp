#include "kith/presence/uri.h"

#include <doctest/doctest.h>

#include "kith/presence/limits.h"

namespace kith::presence {
namespace {

TEST_CASE("a presentity is named by a SIP or SIPS URI with a user") {
  for (const std::string_view good :
       {"sip:alice@example.com", "SIP:Alice@Example.COM", "sips:a@h", "sip:a@h:5060;transport=tcp",
        "sip:a%20b@[2001:db8::1]", "sip:a;b=c@h"})
    CHECK_MESSAGE(is_presentity_uri(good), good);
  for (const std::string_view bad :
       {"", "alice@example.com", "sip:", "sip:example.com", "sip:@example.com", "sip:alice@",
        "tel:+1", "pres:alice@example.com", "sip:a b@h", "sip:a@h ", "sip:a@h\r\nX: y", "sip:<a@h>",
        "sip:\"a\"@h", "sip:a\x7F@h", "sip:a\xFF@h", "<sip:a@h>"})
    CHECK_FALSE_MESSAGE(is_presentity_uri(bad), bad);
}

TEST_CASE("a presentity's URI may be as long as [MS-SIP] has it, and no longer") {
  const std::string host = "@example.com";
  const std::string longest = "sip:" + std::string(uri_bytes_max - 4 - host.size(), 'u') + host;
  CHECK(longest.size() == 454);
  CHECK(is_presentity_uri(longest));
  CHECK_FALSE(is_presentity_uri(longest + "m"));
}

TEST_CASE("SIP-PRES-31: sip: is taken off, and put back where it is not") {
  CHECK(without_scheme("sip:alice@example.com") == "alice@example.com");
  CHECK(without_scheme("SIP:alice@example.com") == "alice@example.com");
  CHECK(without_scheme("alice@example.com") == "alice@example.com");
  CHECK(without_scheme("sips:alice@example.com") == "sips:alice@example.com");
  CHECK(with_scheme("alice@example.com") == "sip:alice@example.com");
  CHECK(with_scheme("Sip:alice@example.com") == "Sip:alice@example.com");
  CHECK(with_scheme("sips:alice@example.com") == "sips:alice@example.com");
}

TEST_CASE("the same user is the same in any case, on any port, and in no other place") {
  CHECK(same_presentity("sip:alice@example.com", "SIP:Alice@EXAMPLE.com:5061;transport=tls"));
  CHECK(same_presentity("sip:al%69ce@example.com", "sip:alice@example.com"));
  CHECK_FALSE(same_presentity("sip:alice@example.com", "sip:alice@example.org"));
  CHECK_FALSE(same_presentity("sip:alice@example.com", "sip:bob@example.com"));
  CHECK_FALSE(same_presentity("tel:1", "tel:1"));
  CHECK_FALSE(same_presentity("", ""));
}

TEST_CASE("SIP-PRES-27: an epid has at most 16 hexadecimal digits") {
  for (const std::string_view good : {"7f3a91c204", "0", "ABCDEF0123456789"})
    CHECK_MESSAGE(is_epid(good), good);
  CHECK(is_epid(std::string(epid_digits_max, 'a')));
  CHECK_FALSE(is_epid(std::string(epid_digits_max + 1, 'a')));
  for (const std::string_view bad : {"", "g", "7f 3a", "0x1", "7f3a\n", "-1"})
    CHECK_FALSE_MESSAGE(is_epid(bad), bad);
}

}  // namespace
}  // namespace kith::presence
