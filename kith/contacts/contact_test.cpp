#include "kith/contacts/contact.h"

#include <doctest/doctest.h>

#include <string>

#include "kith/contacts/limits.h"

namespace kith::contacts {
namespace {

TEST_CASE("SIP-CONT-21: a contact's URI is SIP, has user and host, and ends where it should") {
  for (const std::string_view good :
       {"sip:bob@example.com", "SIP:Bob@Example.COM", "sips:b@h", "sip:b@h:5060;transport=tcp",
        "sip:b%20c@[2001:db8::1]", "sip:bob,ann@example.com"})
    CHECK_MESSAGE(is_contact_uri(good), good);
  for (const std::string_view bad : {"",
                                     "bob@example.com",
                                     "sip:",
                                     "sip:example.com",
                                     "sip:@example.com",
                                     "sip:bob@",
                                     "sip:bob@;a",
                                     "sip:bob@:5060",
                                     "tel:+1@h",
                                     "sipx:b@h",
                                     "sip:b b@h",
                                     " sip:b@h",
                                     "sip:b@h ",
                                     "sip:b@h\r\nX: y",
                                     "sip:<b@h>",
                                     "sip:\"b\"@h",
                                     "sip:b@h\x7F",
                                     "sip:b\xFF@h",
                                     "sip:b@h@i",
                                     "sip:b\t@h"})
    CHECK_FALSE_MESSAGE(is_contact_uri(bad), bad);
}

TEST_CASE("SIP-CONT-21: a URI of 454 characters is taken, one of 455 is not") {
  const std::string host = "@example.com";
  const std::string longest = "sip:" + std::string(uri_bytes_max - 4 - host.size(), 'u') + host;
  CHECK(longest.size() == 454);
  CHECK(is_contact_uri(longest));
  CHECK_FALSE(is_contact_uri(longest + "m"));
}

}  // namespace
}  // namespace kith::contacts
