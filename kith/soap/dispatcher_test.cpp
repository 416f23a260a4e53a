#include "kith/soap/dispatcher.h"

#include <doctest/doctest.h>

#include <string>

#include "kith/soap/operation/add_group.h"
#include "kith/soap/operation/delete_group.h"

namespace kith::soap {
namespace {

Dispatcher<std::string, int&> example() {
  Dispatcher<std::string, int&> soap;
  soap.on<AddGroup>([](const AddGroup& add, int& calls) {
    ++calls;
    return "add " + add.group_name;
  });
  soap.on<DeleteGroup>([](const DeleteGroup& del, int& calls) {
    ++calls;
    return "delete " + std::to_string(del.id.value);
  });
  return soap;
}

TEST_CASE("a method goes to the handler named for it") {
  const auto soap = example();
  int calls = 0;
  CHECK(soap.call(envelope(AddGroup{.group_name = "g", .external_uri = {}, .expected = {1}}),
                  calls) == "add g");
  CHECK(soap.call(envelope(DeleteGroup{.id = {2}, .expected = {1}}), calls) == "delete 2");
  CHECK(calls == 2);
}

TEST_CASE("an unknown method, one in other letters, and wrong content reach no handler") {
  const auto soap = example();
  const auto error_of = [&](std::string_view content) {
    int calls = 0;
    const auto result = soap.call(
        "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/' "
        "xmlns:m='http://schemas.microsoft.com/winrtc/2002/11/sip'><s:Body>" +
            std::string(content) + "</s:Body></s:Envelope>",
        calls);
    CHECK(calls == 0);
    REQUIRE_FALSE(result);
    return result.error();
  };
  const Error unknown{.fault = Fault::unsupported, .where = "method"};
  CHECK(error_of("<m:setGroup/>") == unknown);
  CHECK(error_of("<m:addgroup/>") == unknown);
  CHECK(error_of("<m:addGroup/>") == Error{.fault = Fault::missing, .where = "name"});
  CHECK(error_of("<addGroup/>") == Error{.fault = Fault::unsupported, .where = "method namespace"});
}

}  // namespace
}  // namespace kith::soap
