#include "kith/presence/fragments.h"

#include <doctest/doctest.h>

#include <array>

#include "kith/base/random.h"
#include "kith/presence/limits.h"
#include "kith/xml/parse.h"

namespace kith::presence {
namespace {

constexpr std::array<std::string_view, 2> path_of_tests{"a", "p"};

std::vector<std::string> xml_of(std::string_view document) {
  const auto found = fragments(document, path_of_tests, publication_bytes_max);
  REQUIRE(found);
  std::vector<std::string> texts;
  for (const Fragment& fragment : *found) texts.push_back(fragment.xml);
  return texts;
}

TEST_CASE("SIP-PRES-30: an element is cut out byte for byte") {
  for (const std::string one :
       {"<x xmlns='urn:x'/>", "<x xmlns=\"urn:x\"  b = '>' >1 &lt; 2<!-- </x> --></x>",
        "<x xmlns=''><![CDATA[<y>]]></x >", "<x xmlns='u'><p><a/></p><?x <p> ?></x>",
        "<n:x xmlns:n='u'>text &#13; and\r\n\ttext</n:x>"}) {
    CAPTURE(one);
    CHECK(xml_of("<a><p>" + one + "</p></a>") == std::vector{one});
    CHECK(xml_of("<?xml version='1.0'?><!-- <a><p><z/></p></a> --><a b='<p>'> <q><z/></q>\n<p>a" +
                 one + "b" + one + "</p><p><z/></p></a>") == std::vector{one, one});
  }
}

TEST_CASE("SIP-PRES-30: what an element uses of the namespaces around it goes with it") {
  struct Case {
    std::string_view around, inside, is;
  };
  for (const auto& [around, inside, is] : std::initializer_list<Case>{
           {"xmlns:n='u'", "<n:x/>", "<n:x xmlns:n='u'/>"},
           {"xmlns:n='u'", "<x xmlns=''/>", "<x xmlns=''/>"},
           {"xmlns:n=\"u\" xmlns:o='v'", "<n:x n:b='o'/>", "<n:x xmlns:n=\"u\" n:b='o'/>"},
           {"xmlns:n='u'", "<x xmlns='' n:b='1'/>", "<x xmlns:n='u' xmlns='' n:b='1'/>"},
           {"xmlns:n='u'", "<x xmlns='' t='n:y'/>", "<x xmlns:n='u' xmlns='' t='n:y'/>"},
           {"xmlns:n='u'", "<x xmlns=''><n:y/></x>", "<x xmlns:n='u' xmlns=''><n:y/></x>"},
           {"xmlns:n='u'", "<n:x xmlns:n='v'/>", "<n:x xmlns:n='v'/>"},
           {"xmlns:n='u'", "<x xmlns='' t='un:y'/>", "<x xmlns='' t='un:y'/>"},
           {"xmlns='u'", "<x/>", "<x xmlns='u'/>"},
           {"xmlns='u'", "<n:x xmlns:n='v'><y/></n:x>", "<n:x xmlns='u' xmlns:n='v'><y/></n:x>"},
           {"xmlns='u'", "<n:x xmlns:n='v'><y xmlns='w'><z/></y></n:x>",
            "<n:x xmlns:n='v'><y xmlns='w'><z/></y></n:x>"},
           {"xmlns='u'", "<n:x xmlns:n='v'><y xmlns='w'/><z/></n:x>",
            "<n:x xmlns='u' xmlns:n='v'><y xmlns='w'/><z/></n:x>"},
           {"b='1'", "<x/>", "<x xmlns=\"\"/>"},
       }) {
    CAPTURE(around);
    CAPTURE(inside);
    const std::string outer(around);
    const std::string inner(inside);
    CHECK(xml_of("<a " + outer + "><p>" + inner + "</p></a>") == std::vector{std::string(is)});
    CHECK(xml_of("<a xmlns:n='far' xmlns='far'><p xmlns='' " +
                 (outer.starts_with("xmlns=") ? "b='1'" : outer) + "><q/></p></a>") ==
          std::vector<std::string>{"<q xmlns=''/>"});
  }
  CHECK(xml_of("<a xmlns:n='far'><p xmlns:n='near'><n:x/></p></a>") ==
        std::vector<std::string>{"<n:x xmlns:n='near'/>"});
}

TEST_CASE("the content of a fragment is what stands between its tags") {
  const std::string document = "<a><p><x b='>'> 1<y/>2 </x><x/><x></x ></p></a>";
  const auto found = fragments(document, path_of_tests, publication_bytes_max);
  REQUIRE(found);
  REQUIRE(found->size() == 3);
  CHECK((*found)[0].content == " 1<y/>2 ");
  CHECK((*found)[1].content == "");
  CHECK((*found)[2].content == "");
}

TEST_CASE("of an element that is not there, or is empty, there are no fragments") {
  for (const std::string_view none :
       {"<a/>", "<a><q><p><x/></p></q></a>", "<p><a><x/></a></p>", "<a><p/></a>", "<a><p>x</p></a>",
        "<a><p/><p><x/></p></a>", "<a><!-- <p><x/></p> --></a>"})
    CHECK_MESSAGE(xml_of(none).empty(), none);
}

TEST_CASE("a document that is cut off anywhere is refused, or has fewer fragments") {
  const std::string document = "<a xmlns:n='u'><p><n:x b='1' /><!-- 1 --><x>2</x></p></a>";
  for (std::size_t size = 0; size < document.size(); ++size) {
    const auto found =
        fragments(std::string_view(document).substr(0, size), path_of_tests, publication_bytes_max);
    if (found) CHECK(found->size() <= 2);
    if (!found) CHECK(found.error() == Error{Fault::malformed, "XML", found.error().offset});
  }
}

TEST_CASE("fragments have a bound, and so have the namespaces around them") {
  const std::string document = "<a xmlns:n='u'><p><n:x/><n:x/></p></a>";
  const std::size_t size = 2 * std::string_view("<n:x xmlns:n='u'/>").size();
  CHECK(fragments(document, path_of_tests, size));
  CHECK(fragments(document, path_of_tests, size - 1).error().fault == Fault::too_long);
  const auto declarations = [](std::size_t count) {
    std::string text = "<a";
    for (std::size_t i = 0; i < count; ++i) text += " xmlns:n" + std::to_string(i) + "='u'";
    return text + "><p><x/></p></a>";
  };
  CHECK(fragments(declarations(namespaces_max), path_of_tests, publication_bytes_max));
  const auto beyond =
      fragments(declarations(namespaces_max + 1), path_of_tests, publication_bytes_max);
  CHECK(beyond.error().fault == Fault::too_many);
}

TEST_CASE("any text at all is cut or refused, and what is well-formed is cut as it is parsed") {
  constexpr std::array<std::string_view, 20> pieces{"<x>",
                                                    "</x>",
                                                    "<x xmlns='w'>",
                                                    "<n:x/>",
                                                    "<y n:b='1'/>",
                                                    "<y/>",
                                                    "<n:x n:b=''>",
                                                    "</n:x>",
                                                    "<!-- <x> -->",
                                                    "<![CDATA[<x>]]>",
                                                    "text n:y \"",
                                                    "<?y <x> ?>",
                                                    "<x b=\"'>\"/>",
                                                    "</p>",
                                                    "<p>",
                                                    "<x ",
                                                    "<!--",
                                                    "]]>",
                                                    "'",
                                                    "<n:x xmlns:n='w'/>"};
  SeededRandom random(7);
  std::size_t cut = 0;
  for (int i = 0; i < 4000; ++i) {
    std::string document = "<a xmlns:n='v'><p>";
    for (std::uint64_t n = random.below(6); n > 0; --n)
      document += pieces[random.below(pieces.size())];
    document += "</p></a>";
    const auto found = fragments(document, path_of_tests, publication_bytes_max);
    const auto parsed = xml::parse(document);
    if (!parsed) continue;
    CAPTURE(document);
    REQUIRE(found);
    const auto& children = parsed->child("p")->children();
    REQUIRE(found->size() == children.size());
    for (std::size_t c = 0; c < children.size(); ++c) {
      ++cut;
      const auto alone = xml::parse((*found)[c].xml);
      REQUIRE(alone);
      CHECK(alone->is({children[c].ns(), children[c].local()}));
      CHECK(alone->inner_xml() == children[c].inner_xml());
    }
  }
  CHECK(cut > 100);
}

}  // namespace
}  // namespace kith::presence
