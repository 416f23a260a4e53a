#include "kith/xml/element.h"

#include <doctest/doctest.h>

#include <string>

#include "kith/xml/parse.h"

namespace kith::xml {
namespace {

std::string inner(const std::string& document) {
  const auto root = parse(document);
  REQUIRE(root);
  return root->inner_xml();
}

TEST_CASE("inner_xml keeps the order of text and elements") {
  CHECK(inner("<a/>").empty());
  CHECK(inner("<a>one<b>two</b>three<c/><d/>four</a>") == "one<b>two</b>three<c /><d />four");
  CHECK(inner("<a>x &lt; y<![CDATA[&]]><!-- gone --><?gone too?></a>") == "x &lt; y&amp;");
}

TEST_CASE("inner_xml carries the namespaces that were declared outside") {
  CHECK(inner("<m:a xmlns:m='urn:m'><m:b><m:c/></m:b><d/></m:a>") ==
        "<b xmlns=\"urn:m\"><c /></b><d />");
  CHECK(inner("<a xmlns='urn:m'><b xmlns=''/></a>") == "<b />");
  CHECK(inner("<a><b xmlns='urn:m'><c xmlns=''/></b></a>") ==
        "<b xmlns=\"urn:m\"><c xmlns=\"\" /></b>");
  CHECK(inner("<a xmlns:p='urn:p'><b p:x='1' y='2' xml:lang='de'/></a>") ==
        "<b xmlns:n1=\"urn:p\" n1:x=\"1\" y=\"2\" xml:lang=\"de\" />");
}

TEST_CASE("inner_xml parsed and written again is the same text") {
  for (const std::string document :
       {"<m:a xmlns:m='urn:m'> <m:b m:x='&quot;'>1<c/>2</m:b>\r\n</m:a>",
        "<a xmlns='u'><b xmlns:q='r' q:c='1' q:d='2'><q:e f=''/></b></a>",
        "<a>&#13;&amp;amp;</a>"}) {
    const std::string once = inner(document);
    CHECK(inner("<x>" + once + "</x>") == once);
  }
}

TEST_CASE("an element can be made by hand, and counted") {
  Element a("urn:x", "a");
  a.add_text("1");
  a.add(Element("urn:x", "b"));
  a.add(Element("", "b"));
  a.add(Attribute{.ns = "", .local = "k", .value = "v"});
  CHECK(a.count("b") == 2);
  CHECK(a.count("c") == 0);
  CHECK(a.child("b")->ns() == "urn:x");
  CHECK(a.inner_xml() == "1<b xmlns=\"urn:x\" /><b />");
  CHECK(a == a);
}

}  // namespace
}  // namespace kith::xml
