#include "kith/sip/headers.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

using namespace kith::sip;

namespace {

template <class... H>
std::vector<HeaderName> names_of(TypeList<H...>) {
  return {H::name...};
}

/// The full names of which this holds, with blanks between them.
std::string those(bool (*holds)(const HeaderName& name)) {
  std::string all;
  for (const HeaderName& name : names_of(AllHeaders{}))
    if (holds(name)) all.append(all.empty() ? "" : " ").append(name.full);
  return all;
}

}  // namespace

TEST_CASE("RFC 3261 §7.3.3: each compact form is of one header, as those who defined it say") {
  std::vector<std::string> compact;
  for (const HeaderName& name : names_of(AllHeaders{}))
    if (name.compact != '\0') compact.push_back(name.compact + (" " + std::string{name.full}));
  std::ranges::sort(compact);
  CHECK(compact == std::vector<std::string>{"a Accept-Contact",
                                            "b Referred-By",
                                            "c Content-Type",
                                            "d Request-Disposition",
                                            "e Content-Encoding",
                                            "f From",
                                            "i Call-ID",
                                            "j Reject-Contact",
                                            "k Supported",
                                            "l Content-Length",
                                            "m Contact",
                                            "n Identity-Info",
                                            "o Event",
                                            "r Refer-To",
                                            "s Subject",
                                            "t To",
                                            "u Allow-Events",
                                            "v Via",
                                            "x Session-Expires",
                                            "y Identity"});
}

TEST_CASE("RFC 3261 §7.3.1: the headers whose grammar is a list with commas") {
  CHECK(those([](const HeaderName& name) { return name.multi; }) ==
        "Accept Accept-Contact Accept-Encoding Accept-Language Accept-Resource-Priority "
        "Alert-Info Allow Allow-Events Call-Info Contact Content-Encoding Content-Language "
        "EndPoints Error-Info Feature-Caps Geolocation History-Info In-Reply-To "
        "P-Access-Network-Info P-Asserted-Identity P-Asserted-Service P-Associated-URI Path "
        "P-Charging-Function-Addresses P-Early-Media Permission-Missing P-Media-Authorization "
        "P-Preferred-Identity P-Preferred-Service Proxy-Require P-Visited-Network-ID Reason "
        "Record-Route Recv-Info Reject-Contact Request-Disposition Require Resource-Priority "
        "Route Security-Client Security-Server Security-Verify Service-Route Supported "
        "Trigger-Consent Unsupported User-to-User Via Warning");
}

TEST_CASE("RFC 3261 §7.3.1: the headers that stand on several lines, but are no list") {
  CHECK(those([](const HeaderName& name) { return name.repeats; }) ==
        "Authorization Identity Proxy-Authenticate Proxy-Authorization WWW-Authenticate");
}

TEST_CASE("RFC 3261 §25.1: the lists that may be empty") {
  CHECK(those([](const HeaderName& name) { return name.may_be_empty; }) ==
        "Accept Accept-Encoding Accept-Language Accept-Resource-Priority Allow P-Associated-URI "
        "P-Early-Media Recv-Info Supported");
}
