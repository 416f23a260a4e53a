#include "kith/xml/parse.h"

#include <doctest/doctest.h>

#include <string>

namespace kith::xml {
namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

std::string nested(std::size_t depth) { return repeated("<a>", depth) + repeated("</a>", depth); }

TEST_CASE("an element has its namespace, attributes, text and children") {
  const auto root = parse(
      "<?xml version=\"1.0\"?><!-- c --><p:a xmlns:p=\"urn:p\" x=\"1\" "
      "p:y='&lt;2&gt;'>one<b/>&#x20AC;"
      "<![CDATA[<&]]><p:c>three</p:c></p:a>");
  REQUIRE(root);
  CHECK(root->is({"urn:p", "a"}));
  CHECK(root->text() == "one€<&");
  CHECK(root->attribute("x") == "1");
  CHECK(root->attribute("y") == "<2>");
  CHECK_FALSE(root->attribute("z"));
  CHECK(root->attributes().back().ns == "urn:p");
  REQUIRE(root->children().size() == 2);
  CHECK(root->child("b")->ns().empty());
  CHECK(root->child("c")->text() == "three");
  CHECK(root->child("d") == nullptr);
}

TEST_CASE(
    "SIP-TRAN-19: look-ups go by local name, with any prefix, the default namespace or none") {
  for (const std::string_view document :
       {"<m:a xmlns:m=\"urn:m\"><m:b k=\"v\">t</m:b></m:a>",
        "<a xmlns=\"urn:m\"><b k=\"v\">t</b></a>",
        "<a xmlns=\"urn:m\"><b xmlns=\"\" k=\"v\">t</b></a>", "<a><b k=\"v\">t</b></a>",
        "<q:a xmlns:q=\"urn:q\"><b q:k=\"v\">t</b></q:a>"}) {
    const auto root = parse(document);
    REQUIRE(root);
    const Element* b = root->child("b");
    REQUIRE(b != nullptr);
    CHECK(b->text() == "t");
    CHECK(b->attribute("k") == "v");
  }
}

TEST_CASE("an attribute without namespace is preferred") {
  const auto root = parse("<a xmlns:x=\"urn:x\" x:name=\"other\" name=\"mine\"/>");
  REQUIRE(root);
  CHECK(root->attribute("name") == "mine");
}

TEST_CASE("a document type declaration is refused, even an empty one") {
  for (const std::string_view document :
       {"<!DOCTYPE a><a/>", "<!DOCTYPE a []><a/>",
        "<?xml version=\"1.0\"?><!-- --> <!DOCTYPE a SYSTEM "
        "\"http://192.0.2.1/a.dtd\"><a/>",
        "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><a>&e;</a>",
        "<!DOCTYPE a [<!ENTITY e \"0123456789\"><!ENTITY f \"&e;&e;&e;&e;\">]><a>&f;</a>"}) {
    const auto root = parse(document);
    REQUIRE_FALSE(root);
    CHECK(root.error().fault == Fault::forbidden);
  }
}

TEST_CASE("words that look like a declaration are text where they are text") {
  const auto root = parse("<a><!-- <!DOCTYPE a> --><![CDATA[<!DOCTYPE a>]]><b c=\"><x>\"/></a>");
  // "<" in an attribute value is what is wrong here, not the rest.
  REQUIRE_FALSE(root);
  CHECK(root.error().fault == Fault::malformed);
  const auto sane = parse("<a><!-- <!DOCTYPE a> --><![CDATA[<!DOCTYPE a>]]><b c=\">\"/></a>");
  REQUIRE(sane);
  CHECK(sane->text() == "<!DOCTYPE a>");
}

TEST_CASE("what is not well-formed is refused and never repaired") {
  using namespace std::string_view_literals;
  for (const std::string_view document : {""sv,
                                          " "sv,
                                          "text"sv,
                                          "<a>"sv,
                                          "<a></b>"sv,
                                          "<a/><b/>"sv,
                                          "</a>"sv,
                                          "<a>&unknown;</a>"sv,
                                          "<a b=\"1\" b=\"2\"/>"sv,
                                          "<a b=1/>"sv,
                                          "<m:a/>"sv,
                                          "<a m:b=\"1\"/>"sv,
                                          "<a b=\"&x;\"/>"sv,
                                          "<a>&#0;</a>"sv,
                                          "<a>&#x1F;</a>"sv,
                                          "<a>\x01</a>"sv,
                                          "<a>\0</a>"sv,
                                          "<a/>x"sv,
                                          "<a"sv,
                                          "<!-- "sv,
                                          "<![CDATA["sv,
                                          "<a>]]></a>"sv,
                                          "<? "sv,
                                          "<a b=\"c"sv,
                                          "<!ENTITY a \"b\"><a/>"sv}) {
    CAPTURE(document);
    const auto root = parse(document);
    REQUIRE_FALSE(root);
    CHECK(root.error().fault == Fault::malformed);
  }
}

TEST_CASE("bad UTF-8 and other encodings are refused, whatever the declaration says") {
  using namespace std::string_view_literals;
  for (const std::string_view document :
       {"<a>\xFF</a>"sv, "<a>\xC0\xBC</a>"sv, "<a>\xED\xA0\x80</a>"sv, "<a>\xEF\xBF\xBF</a>"sv,
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\xE4</a>"sv, "\xFF\xFE<\0a\0/\0>\0"sv}) {
    CHECK_FALSE(parse(document));
  }
  CHECK(parse("<?xml version=\"1.0\" encoding=\"utf-8\"?><a>ä</a>")->text() == "ä");
  CHECK(parse("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>ä</a>")->text() == "ä");
  CHECK(parse("<?xml version=\"1.0\" encoding=\"UTF-7\"?><a>+ADw-b+AD4-</a>")->text() ==
        "+ADw-b+AD4-");
  CHECK(parse("\xEF\xBB\xBF<a/>"));
}

TEST_CASE("limits: depth, elements, attributes, bytes and the length of a namespace") {
  const auto fault = [](const std::string& document) {
    const auto root = parse(document);
    return root ? std::nullopt : std::optional(root.error().fault);
  };
  const auto attributes = [](std::size_t n) {
    std::string document = "<a";
    for (std::size_t i = 0; i < n; ++i) document += " b" + std::to_string(i) + "=''";
    return document + "/>";
  };
  CHECK(fault(nested(32)) == std::nullopt);
  CHECK(fault(nested(33)) == Fault::too_many);
  CHECK(fault(nested(1000)) == Fault::too_many);
  CHECK(fault(repeated("<a>", 20'000)) == Fault::too_many);
  CHECK(fault("<a>" + repeated("<b/>", 1023) + "</a>") == std::nullopt);
  CHECK(fault("<a>" + repeated("<b/>", 1024) + "</a>") == Fault::too_many);
  CHECK(fault(attributes(32)) == std::nullopt);
  CHECK(fault(attributes(33)) == Fault::too_many);
  CHECK(fault("<a>" + std::string(64 * 1024 - 7, 'x') + "</a>") == std::nullopt);
  CHECK(fault("<a>" + std::string(64 * 1024 - 6, 'x') + "</a>") == Fault::too_long);
  CHECK(fault("<a xmlns='" + std::string(256, 'n') + "'/>") == std::nullopt);
  CHECK(fault("<a xmlns='" + std::string(257, 'n') + "'/>") == Fault::too_long);
  CHECK(fault("<a xmlns:n='" + std::string(257, 'n') + "' n:b=''/>") == Fault::too_long);
}

TEST_CASE("an error says where") {
  CHECK(parse(nested(40)).error().where == "XML depth");
  CHECK(parse(nested(40)).error().offset == 96);
  CHECK(parse("<a><b></a>").error().where == "XML");
  CHECK(parse("<a><b></a>").error().offset >= 6);
}

}  // namespace
}  // namespace kith::xml
