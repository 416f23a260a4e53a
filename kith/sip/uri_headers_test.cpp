#include "kith/sip/uri_headers.h"

#include <doctest/doctest.h>

using namespace kith::sip;

namespace {

std::vector<std::string> names_in(const char* text) {
  return header_names(Uri::parse(text, kith::Mode::strict).value());
}

}  // namespace

TEST_CASE("RFC 3261 §19.1.1: the headers of a URI by their names, in their order, each once") {
  using Names = std::vector<std::string>;
  CHECK(names_in("sip:a@b?Subject=x&priority=urgent&body=") ==
        Names{"Subject", "priority", "body"});
  CHECK(names_in("sip:a@b?to=x&Route=y&TO=z") == Names{"to", "Route"});
  CHECK(names_in("sips:a@b;lr?%54o=x%3Dy%26z") == Names{"To"});
}

TEST_CASE("RFC 3261 §19.1.1: a URI without headers has no names") {
  CHECK(names_in("sip:a@b;x=y").empty());
  CHECK(names_in("tel:+1").empty());
  CHECK(names_in("http://a?b=c").empty());
  CHECK(header_names(UriView{}).empty());
}
