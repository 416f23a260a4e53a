#include <doctest/doctest.h>

#include <string>

#include "kith/soap/limits.h"
#include "kith/soap/operation/add_group.h"
#include "kith/soap/operation/add_group_response.h"
#include "kith/soap/operation/delete_group.h"
#include "kith/soap/operation/modify_group.h"
#include "kith/soap/operation/operation_test.h"

namespace kith::soap {
namespace {

using contacts::GroupId;
using contacts::Version;

const std::string number = "<m:deltaNum>1</m:deltaNum>";

TEST_CASE("SIP-GRP-07: addGroup has name, externalURI and deltaNum; a groupID is passed over") {
  const AddGroup work{.group_name = "Work & Play", .external_uri = {}, .expected = Version{1}};
  CHECK(test::parse<AddGroup>("<m:name>Work &amp; Play</m:name><m:externalURI />" + number) ==
        work);
  CHECK(test::parse<AddGroup>(number +
                              "<m:groupID>x</m:groupID><m:name>Work &amp; Play</m:name>") == work);
  CHECK(envelope(work).contains("<m:name>Work &amp; Play</m:name><m:externalURI />" + number +
                                "</m:addGroup>"));
  test::check_round_trip(work);
  test::check_round_trip(AddGroup{.group_name = "", .external_uri = "e", .expected = Version{9}});
  test::check_refused<AddGroup>(number, Fault::missing, "name");
}

TEST_CASE("SIP-GRP-07: modifyGroup has groupID, name, externalURI and deltaNum") {
  const ModifyGroup fun{.group = {.id = GroupId{3}, .name = "Fun", .external_uri = "e"},
                        .expected = Version{1}};
  const std::string children =
      "<m:groupID>3</m:groupID><m:name>Fun</m:name><m:externalURI>e</m:externalURI>" + number;
  CHECK(test::parse<ModifyGroup>(children) == fun);
  CHECK(envelope(fun).contains(children + "</m:modifyGroup>"));
  test::check_round_trip(fun);
  test::check_refused<ModifyGroup>("<m:name/>" + number, Fault::missing, "groupID");
  test::check_refused<ModifyGroup>("<m:groupID>3</m:groupID>" + number, Fault::missing, "name");
}

TEST_CASE("SIP-GRP-08: deleteGroup has groupID and deltaNum") {
  const DeleteGroup third{.id = GroupId{3}, .expected = Version{1}};
  CHECK(test::parse<DeleteGroup>("<m:groupID>3</m:groupID>" + number) == third);
  test::check_round_trip(third);
  test::check_refused<DeleteGroup>(number, Fault::missing, "groupID");
}

TEST_CASE("SIP-CONT-08: group operations carry deltaNum") {
  test::check_delta_num<AddGroup>("<m:name/>");
  test::check_delta_num<ModifyGroup>("<m:groupID>2</m:groupID><m:name/>");
  test::check_delta_num<DeleteGroup>("<m:groupID>2</m:groupID>");
}

TEST_CASE("SIP-GRP-01: a groupID is a number; 0 and 64 are read though no group has them") {
  for (const unsigned id : {0U, 1U, 63U, unsigned{group_id_max}})
    CHECK(test::parse<DeleteGroup>("<m:groupID>" + std::to_string(id) + "</m:groupID>" + number)
              ->id.value == id);
  for (const std::string bad : {"", "x", "65", "257", "-1", "1 2"})
    test::check_refused<DeleteGroup>("<m:groupID>" + bad + "</m:groupID>" + number,
                                     Fault::malformed, "groupID");
}

TEST_CASE("SIP-GRP-09: a group's name has 256 bytes, its externalURI 1024") {
  const auto sized = [](std::size_t name, std::size_t external) {
    return "<m:name>" + std::string(name, 'n') + "</m:name><m:externalURI>" +
           std::string(external, 'e') + "</m:externalURI>" + number;
  };
  const std::string id = "<m:groupID>2</m:groupID>";
  CHECK(test::parse<AddGroup>(sized(256, 1024)));
  CHECK(test::parse<ModifyGroup>(id + sized(256, 1024)));
  test::check_refused<AddGroup>(sized(257, 0), Fault::too_long, "name");
  test::check_refused<AddGroup>(sized(0, 1025), Fault::too_long, "externalURI");
  test::check_refused<ModifyGroup>(id + sized(257, 0), Fault::too_long, "name");
  test::check_refused<ModifyGroup>(id + sized(0, 1025), Fault::too_long, "externalURI");
}

TEST_CASE("SIP-GRP-04: the answer to addGroup has the id at Body/addGroup/groupID") {
  const AddGroupResponse third{.id = GroupId{3}};
  CHECK(envelope(third) ==
        "<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\">"
        "<SOAP-ENV:Body>"
        "<m:addGroup xmlns:m=\"http://schemas.microsoft.com/winrtc/2002/11/sip\">"
        "<m:groupID>3</m:groupID>"
        "</m:addGroup></SOAP-ENV:Body></SOAP-ENV:Envelope>");
  test::check_round_trip(third);
  test::check_refused<AddGroupResponse>("", Fault::missing, "groupID");
  test::check_refused<AddGroupResponse>("<m:groupID>three</m:groupID>", Fault::malformed,
                                        "groupID");
}

}  // namespace
}  // namespace kith::soap
