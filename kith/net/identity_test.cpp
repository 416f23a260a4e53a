#include "kith/net/identity.h"

#include <doctest/doctest.h>

#include "kith/net/test_certificate.h"

namespace kith::net {
namespace {

using Domains = std::vector<std::string>;

TEST_CASE("RFC 5922 §7.1: sip URIs without a user, else DNS names, else the common name") {
  const struct {
    const char* what;
    TestNames names;
    Domains domains;
  } rows[] = {
      {"a sip URI", {"cn.example", "URI:sip:example.com", ""}, {"example.com"}},
      {"any case of its scheme", {"", "URI:SIP:Example.com", ""}, {"Example.com"}},
      {"port, parameters and headers are none of it",
       {"", "URI:sip:a.example:5061,URI:sip:b.example;lr,URI:sip:c.example?x=y", ""},
       {"a.example", "b.example", "c.example"}},
      {"a sip URI rules DNS names out",
       {"", "DNS:host.example.com,URI:sip:example.com", ""},
       {"example.com"}},
      {"DNS names",
       {"cn.example", "DNS:a.example,DNS:*.b.example", ""},
       {"a.example", "*.b.example"}},
      {"a URI with a user is of a person",
       {"", "URI:sip:alice@example.com,DNS:a.example", ""},
       {"a.example"}},
      {"a sips URI is no sip URI", {"", "URI:sips:example.com,DNS:a.example", ""}, {"a.example"}},
      {"other URIs", {"", "URI:http://example.com,URI:im:example.com", ""}, {}},
      {"a sip URI without a host", {"", "URI:sip:,DNS:a.example", ""}, {"a.example"}},
      {"the common name", {"cn.example", "", ""}, {"cn.example"}},
      {"not beside any other name", {"cn.example", "IP:127.0.0.1", ""}, {}},
      {"not beside those of mail", {"cn.example", "email:alice@example.com", ""}, {}},
      {"a common name that is no host", {"Alice of Example", "", ""}, {}},
      {"one that hides its end", {std::string("example.com\0.evil.example", 25), "", ""}, {}},
      {"no name at all", {"", "", ""}, {}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    CHECK(sip_domains(make_test_certificate(row.names).x509.get()) == row.domains);
  }
}

TEST_CASE("RFC 5922 §7.2: whole names without regard to case, and no wildcards") {
  const Domains own{"Example.com", "*.wild.example"};
  for (const char* domain : {"example.com", "EXAMPLE.COM", "*.wild.example"})
    CHECK(stands_for(own, domain));
  for (const char* domain : {"", "www.example.com", "com", "example.co", "example.com.",
                             "www.wild.example", "wild.example", ".wild.example"})
    CHECK_FALSE(stands_for(own, domain));
  CHECK_FALSE(stands_for({}, "example.com"));
}

TEST_CASE("RFC 5922 §7.1: the purpose of a certificate may be SIP") {
  const auto purpose = [](const char* usages) {
    return is_for_sip(make_test_certificate({.purposes = usages}).x509.get());
  };
  CHECK(purpose("1.3.6.1.5.5.7.3.20"));
  CHECK(purpose("serverAuth,1.3.6.1.5.5.7.3.20"));
  CHECK_FALSE(purpose("serverAuth,clientAuth"));
  CHECK_FALSE(purpose("anyExtendedKeyUsage"));
  CHECK_FALSE(purpose(""));
}

}  // namespace
}  // namespace kith::net
