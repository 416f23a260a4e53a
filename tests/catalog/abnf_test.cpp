#include "tests/catalog/abnf.h"

#include <doctest/doctest.h>

#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

using namespace kith;
using grammar::Grammar;

namespace {

/// What many sentences of the rule `a` are, each once.
std::set<std::string> sentences(std::string_view abnf) {
  Grammar rules;
  rules.add(abnf);
  rules.link();
  SeededRandom random(1);
  std::set<std::string> made;
  for (int i = 0; i < 2000; ++i) made.insert(rules.sentence("a", random));
  return made;
}

using Set = std::set<std::string>;

}  // namespace

TEST_CASE("RFC 5234 §3: a grammar makes what it says, all of it and nothing else") {
  CHECK(sentences("a = %s\"x\" %x31-32") == Set{"x1", "x2"});
  CHECK(sentences("a = \"x\" / %x41") == Set{"x", "X", "A"});
  CHECK(sentences("a = b [b] ; not c\nb = 1*2\"1\"") == Set{"1", "11", "111", "1111"});
  CHECK(sentences("a = 2(\"1\" / \"2\")\n    \";\"") == Set{"11;", "12;", "21;", "22;"});
  CHECK(sentences("a = *1\"0\" \"-\"") == Set{"-", "0-"});
  CHECK(sentences("A = \"1\"\na = A") == Set{"1"});
  CHECK(sentences("a = *\"1\"").size() > 20);
}

TEST_CASE("what is beyond RFC 5234: each once in any order, ranges, numbers that are not again") {
  CHECK(sentences("a = {\"1\" / \"2\"}") == Set{"", "1", "2", "12", "21"});
  CHECK(sentences("a = {\"1\"}") == Set{"", "1"});
  CHECK(sentences("a = <9..11>") == Set{"9", "10", "11"});
  CHECK(sentences("a = 3<fresh>") == Set{"012"});
  for (const std::string& date : sentences("a = <date>")) CHECK(date.size() == 29);
}

TEST_CASE("a grammar that is not understood is refused") {
  for (const char* const wrong :
       {"a", "a =", "= \"1\"", "a = (\"1\"", "a = \"1", "a = \"1\" )", "a = %d49", "a = <x>",
        "a = b", "a = \"1\" /", "a = 2", "a = \"1\"\na = \"2\"", "a = [\"1\"}"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(sentences(wrong), std::invalid_argument);
  }
}
