#include "server/admin/json.h"

#include <doctest/doctest.h>

#include <string>

using namespace kith::admin;

TEST_CASE("what is written reads back the same, in its order") {
  const json::Value value = json::Object{{"text", "a \"b\" \n ü"},
                                         {"number", json::count(7)},
                                         {"flag", true},
                                         {"nothing", json::Value()},
                                         {"list", json::texts({"x", "y"})}};
  const std::string text = json::write(value);
  CHECK(text.find('\n') == std::string::npos);
  CHECK(json::parse(text) == value);
  CHECK(value.text("text") == "a \"b\" \n ü");
  CHECK(value.number("number") == 7);
  CHECK(value.text("number").empty());
  CHECK(value.find("other") == nullptr);
}

TEST_CASE("what is no JSON, or more than one value, is refused") {
  for (const char* text : {"", "{", "{} {}", "[1,]", "{\"a\":1.5}", "nul", "\"\xff\""})
    CHECK_MESSAGE(!json::parse(text), text);
  CHECK_FALSE(json::parse(std::string(1000, '[')));
}
