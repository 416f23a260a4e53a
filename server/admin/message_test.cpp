#include "server/admin/message.h"

#include <doctest/doctest.h>

using namespace kith;
using namespace kith::admin;

TEST_CASE("a request reads back as it was written") {
  Request request{.command = "user add",
                  .user = "alice@example.com",
                  .name = "Alice",
                  .principals = {"alice@EXAMPLE.COM", "a@B"},
                  .password = crypto::Secret("p w"),
                  .file = "/f"};
  const auto read = parse_request(write(request));
  REQUIRE(read);
  CHECK(read->command == request.command);
  CHECK(read->user == request.user);
  CHECK(read->name == request.name);
  CHECK(read->principals == request.principals);
  CHECK(read->password == request.password);
  CHECK(read->file == request.file);
}

TEST_CASE("what is no request is refused") {
  for (const char* line :
       {"", "[]", "{}", R"({"user":"a"})", R"({"command":"status","colour":"red"})",
        R"({"command":1})", R"({"command":"user add","principals":[1]})",
        R"({"command":"user add","principals":"a"})"})
    CHECK_MESSAGE(!parse_request(line), line);
}

TEST_CASE("an answer reads back as it was written, and others are refused") {
  const Answer answer{.code = Code::no, .text = "no\nso", .result = json::Object{{"a", true}}};
  CHECK(parse_answer(write(answer)) == answer);
  for (const char* line : {"", "{}", R"({"code":4,"text":"","result":{}})",
                           R"({"code":-1,"text":"","result":{}})", R"({"code":0,"text":""})"})
    CHECK_MESSAGE(!parse_answer(line), line);
}
