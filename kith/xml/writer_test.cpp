#include "kith/xml/writer.h"

#include <doctest/doctest.h>

#include <string>

#include "kith/base/random.h"
#include "kith/xml/parse.h"

namespace kith::xml {
namespace {

TEST_CASE("elements, attributes and text, escaped") {
  Writer out;
  out.start("a").attribute("b", "\"<&>'\t\n\r").text("<&>]]>\t\n\r\"'").element("c", "").end();
  const std::string document = out.take();
  CHECK(document ==
        "<a b=\"&quot;&lt;&amp;&gt;'&#9;&#10;&#13;\">&lt;&amp;&gt;]]&gt;\t\n&#13;\"'<c /></a>");
  const auto root = parse(document);
  REQUIRE(root);
  CHECK(root->attribute("b") == "\"<&>'\t\n\r");
  CHECK(root->text() == "<&>]]>\t\n\r\"'");
}

TEST_CASE("what XML cannot carry is left out") {
  using namespace std::string_view_literals;
  Writer out;
  out.start("a")
      .attribute("b", "x\0\x01y\xFF"sv)
      .text(
          "\x1F"
          "ä\xC3\xEF\xBF\xBE"
          "b")
      .end();
  CHECK(out.take() == "<a b=\"xy\">äb</a>");
}

TEST_CASE("is_text") {
  using namespace std::string_view_literals;
  CHECK(is_text(""));
  CHECK(is_text("a\t\r\n€😀"));
  for (const std::string_view bad :
       {"\0"sv, "\x08"sv, "\x1B"sv, "\xFF"sv, "\xEF\xBF\xBF"sv, "a\xC3"sv})
    CHECK_FALSE(is_text(bad));
}

TEST_CASE("any text comes back as it went in") {
  SeededRandom random(1);
  constexpr std::string_view pieces[] = {"<",     ">",  "&",    "\"",        "'",   "]]>",
                                         "&amp;", "\r", "\n",   "\t",        " ",   "a",
                                         "ä",     "😀", "<!--", "<!DOCTYPE", "&#0;"};
  for (int round = 0; round < 500; ++round) {
    std::string text;
    for (std::uint64_t n = random.below(12); n > 0; --n)
      text += pieces[random.below(std::size(pieces))];
    Writer out;
    out.start("a").attribute("b", text).text(text).end();
    const auto root = parse(out.take());
    REQUIRE(root);
    CHECK(root->text() == text);
    CHECK(root->attribute("b") == text);
  }
}

}  // namespace
}  // namespace kith::xml
