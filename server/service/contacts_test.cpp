#include "server/service/contacts.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "kith/contacts/format/roaming.h"
#include "kith/soap/operation/add_group.h"
#include "kith/soap/operation/add_group_response.h"
#include "kith/soap/operation/delete_contact.h"
#include "kith/soap/operation/delete_group.h"
#include "kith/soap/operation/modify_group.h"
#include "kith/soap/operation/set_contact.h"
#include "server/service/limits.h"
#include "server/service/testing/house.h"

using namespace kith;
using namespace kith::service;
using namespace kith::service::testing;
using contacts::GroupId;
using contacts::Version;

namespace {

/// A user with two devices, both signed in and subscribed.
struct Pair {
  House house;
  Messenger first{house, "alice", "7f3a91c204"};
  Messenger second{house, "alice", "01010101"};

  Pair() {
    house.add_user("alice");
    for (Messenger* device : {&first, &second}) {
      REQUIRE(device->sign_in().status() == 200);
      REQUIRE(device->subscribe().status() == 200);
    }
  }

  const contacts::List& list() const { return house.records.at(House::aor("alice")).list; }
};

soap::SetContact set(std::string_view user, std::uint32_t delta, std::vector<GroupId> groups = {}) {
  return {.contact = {.uri = "sip:" + std::string(user) + "@example.com",
                      .name = "Name",
                      .groups = std::move(groups),
                      .subscribed = true,
                      .external_uri = {},
                      .extension = {}},
          .expected = Version{delta}};
}

soap::AddGroup group(std::string name, std::uint32_t delta) {
  return {.group_name = std::move(name), .external_uri = {}, .expected = Version{delta}};
}

std::string envelope(std::string_view inside) {
  return "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" "
         "xmlns:m=\"http://schemas.microsoft.com/winrtc/2002/11/sip\"><s:Body>" +
         std::string(inside) + "</s:Body></s:Envelope>";
}

}  // namespace

// ---- Subscribing --------------------------------------------------------------------------------

TEST_CASE("SIP-CONT-02, SIP-CONT-03, SIP-PIGY-02, SIP-CONT-26: the 200 carries the full list") {
  House house;
  house.add_user("alice");
  Messenger device(house, "alice", "7f3a91c204");
  REQUIRE(device.sign_in().status() == 200);
  const sip::Message ok = device.subscribe();
  CHECK(ok.status() == 200);
  CHECK(ok.text("Content-Type") == "application/vnd-microsoft-roaming-contacts+xml");
  CHECK(ok.text("ms-piggyback-cseq") == "1");
  const Result<contacts::List> list = contacts::roaming::parse_list(ok.body());
  REQUIRE(list);
  CHECK(list->version() == Version{1});
  CHECK(list->groups().size() == 1);
  CHECK(device.heard().empty());  // SIP-PIGY-06
}

TEST_CASE("SIP-PIGY-06: after the piggybacked one a notification comes only with a change") {
  Pair pair;
  pair.house.pass(3600s);
  CHECK(pair.first.heard().empty());
  CHECK(pair.second.add_contact("bob", 1).status() == 200);
  CHECK(pair.first.heard().size() == 1);
}

TEST_CASE("SIP-PIGY-08, SIP-BEN-04: a plain subscriber gets NOTIFYs, the first at once") {
  House house;
  house.add_user("alice");
  Messenger device(house, "alice", "7f3a91c204");
  REQUIRE(device.sign_in().status() == 200);
  const sip::Message ok = device.subscribe(Extensions::none);
  CHECK(ok.body().empty());
  std::vector<sip::Message> heard = device.heard();
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].method() == "NOTIFY");
  CHECK(contacts::roaming::parse_list(heard[0].body()));
  CHECK(house.told.back().with_transaction);
  CHECK(device.add_contact("bob", 1).status() == 200);
  heard = device.heard();
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].text("CSeq") == "2 NOTIFY");
}

TEST_CASE("SIP-TRAN-11: requests to a client go to where it was seen") {
  Pair pair;
  CHECK(pair.first.add_contact("bob", 1).status() == 200);
  const std::vector<sip::Message> heard = pair.first.heard();
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].request_uri().starts_with("sip:" + pair.first.flow.remote.text() +
                                           ";transport=tcp;ms-received-cid="));
}

TEST_CASE("SIP-BEN-09, SIP-AUTH-17: BENOTIFY counts on, and names the device in To") {
  Pair pair;
  CHECK(pair.first.add_contact("bob", 1).status() == 200);
  const std::vector<sip::Message> heard = pair.second.heard();
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].text("CSeq") == "2 BENOTIFY");
  CHECK(heard[0].text("To").contains(";epid=01010101"));
}

TEST_CASE("SIP-AEXT-02, SIP-AEXT-05: notifications keep an auto-extended subscription alive") {
  House house;
  house.settings.subscription_default_min = 1000s;
  house.settings.subscription_default_max = 1000s;
  house.add_user("alice");
  Messenger device(house, "alice", "7f3a91c204");
  REQUIRE(device.sign_in().status() == 200);
  CHECK(device.subscribe().write().contains("Supported: com.microsoft.autoextend\r\n"));
  house.pass(900s);
  CHECK(device.add_contact("bob", 1).status() == 200);
  CHECK(device.heard().size() == 1);
  house.pass(900s);
  CHECK(device.add_contact("carol", 2).status() == 200);
  CHECK(device.heard().size() == 1);
  house.pass(1001s);
  CHECK(device.add_contact("dave", 3).status() == 200);
  CHECK(device.heard().empty());
}

TEST_CASE("SIP-AEXT-06: a refresh brings the list again; Expires 0 ends it") {
  Pair pair;
  const sip::Message ok = pair.first.refresh();
  CHECK(ok.status() == 200);
  CHECK(contacts::roaming::parse_list(ok.body()));
  CHECK(pair.first.refresh("0").text("subscription-state") == "terminated;expires=0");
  CHECK(pair.second.add_contact("bob", 1).status() == 200);
  CHECK(pair.first.heard().empty());
  CHECK(pair.first.refresh().status() == 481);
}

TEST_CASE("a subscription is refused as it should be") {
  Pair pair;
  sip::Message other = pair.first.request("SUBSCRIBE");
  other.add("Event", "presence");
  const sip::Message bad_event = pair.first.send(other);
  CHECK(bad_event.status() == 489);
  CHECK(bad_event.text("Allow-Events") == "vnd-microsoft-roaming-contacts");
  sip::Message type = pair.first.request("SUBSCRIBE");
  type.add("Event", "vnd-microsoft-roaming-contacts");
  type.add("Accept", "application/pidf+xml");
  CHECK(pair.first.send(type).status() == 406);
  sip::Message brief = pair.first.request("SUBSCRIBE");
  brief.add("Event", "vnd-microsoft-roaming-contacts");
  brief.add("Expires", "5");
  const sip::Message too_brief = pair.first.send(brief);
  CHECK(too_brief.status() == 423);
  CHECK(too_brief.text("Min-Expires") == "60");
  sip::Message somebody = pair.first.request("SUBSCRIBE");
  somebody.set("To", "<sip:bob@example.com>");
  somebody.add("Event", "vnd-microsoft-roaming-contacts");
  CHECK(pair.first.send(somebody).status() == 403);
}

TEST_CASE("SIP-BEN-02: what a Proxy-Require demands and we lack is named in a 420") {
  Pair pair;
  sip::Message request = pair.first.request("SUBSCRIBE");
  request.add("Event", "vnd-microsoft-roaming-contacts");
  request.add("Proxy-Require", "ms-benotify, ms-unheard-of");
  const sip::Message response = pair.first.send(request);
  CHECK(response.status() == 420);
  CHECK(response.text("Unsupported") == "ms-unheard-of");
}

TEST_CASE("RFC 3261 §21.5.7: a list that fits no datagram is answered 513 over UDP, 200 over TCP") {
  Pair pair;
  pair.second.flow.transport = Transport::udp;
  REQUIRE(pair.second.subscribe().status() == 200);
  std::uint32_t version = 1;
  while (contacts::roaming::write(pair.list()).size() <= limits::datagram_body_bytes_max) {
    soap::SetContact next = set("user" + std::to_string(version), version);
    next.contact.external_uri = "sip:" + std::string(900, 'x') + "@example.com";
    REQUIRE(pair.first.operate(next).status() == 200);
    ++version;
  }
  CHECK(pair.second.heard().size() == version - 1);  // a delta is never too large
  CHECK(pair.second.operate(set("bob", 99)).status() == 409);
  CHECK(pair.second.heard().empty());  // the whole list, had it fitted
  CHECK(pair.house.core.statistics().too_large == 1);
  CHECK(pair.second.refresh().status() == 513);
  CHECK(pair.second.refresh("0").status() == 200);  // ends, and carries no list
  CHECK(pair.second.subscribe().status() == 513);
  CHECK(pair.house.core.statistics().too_large == 3);
  CHECK(pair.first.refresh().status() == 200);
  pair.second.flow.transport = Transport::tcp;
  CHECK(pair.second.subscribe().status() == 200);
}

TEST_CASE("the number of subscriptions of a user is bounded: subscriptions_per_user_max") {
  House house;
  house.add_user("alice");
  Messenger plain(house, "alice", "", Login::digest);
  for (std::size_t i = 0; i < limits::subscriptions_per_user_max; ++i)
    REQUIRE(plain.subscribe().status() == 200);
  CHECK(plain.subscribe().status() == 403);
  CHECK(house.core.statistics().subscriptions == limits::subscriptions_per_user_max);
}

// ---- Operations ---------------------------------------------------------------------------------

TEST_CASE(
    "SIP-CONT-02, SIP-CONT-07, SIP-CONT-12, SIP-CONT-25: 200, then the delta to every device") {
  Pair pair;
  const sip::Message ok = pair.first.operate(set("bob", 1));
  CHECK(ok.status() == 200);
  CHECK(ok.body().empty());
  for (Messenger* device : {&pair.first, &pair.second}) {
    const std::vector<sip::Message> heard = device->heard();
    REQUIRE(heard.size() == 1);
    const Result<contacts::Delta> delta = contacts::roaming::parse_delta(heard[0].body());
    REQUIRE(delta);
    CHECK(delta->from == Version{1});  // SIP-CONT-05, SIP-CONT-06
    CHECK(delta->to == Version{2});
  }
  CHECK(pair.list().version() == Version{2});
}

TEST_CASE("SIP-CONT-23: an operation is taken inside the subscription's dialog, too") {
  Pair pair;
  sip::Message inside = pair.first.service(soap::envelope(set("bob", 1)));
  inside.set("Call-ID", pair.first.dialog_call_id);
  inside.set("From", pair.first.dialog_local_tag);
  inside.set_to_tag(pair.first.dialog_remote_tag);
  inside.set_request_uri("sip:lcs.example.com:5060;transport=tcp");
  CHECK(pair.first.send(inside).status() == 200);
  CHECK(pair.first.send(inside).status() == 500);  // the same CSeq
  inside.set_to_tag("unknown");
  CHECK(pair.first.send(inside).status() == 481);
}

TEST_CASE("SIP-CONT-09, SIP-CONT-27: a wrong deltaNum is answered 409 and the full list") {
  Pair pair;
  for (const std::uint32_t wrong : {0U, 2U, 4294967295U}) {
    CAPTURE(wrong);
    CHECK(pair.first.operate(set("bob", wrong)).status() == 409);
    const std::vector<sip::Message> heard = pair.first.heard();
    REQUIRE(heard.size() == 1);
    CHECK(contacts::roaming::parse_list(heard[0].body()));
    CHECK(pair.second.heard().empty());
  }
  CHECK(pair.list().version() == Version{1});
}

TEST_CASE("SIP-CONT-09: behind, but only by changes of the same device, counts as current") {
  Pair pair;
  CHECK(pair.first.operate(set("bob", 1)).status() == 200);
  CHECK(pair.first.operate(set("carol", 2)).status() == 200);
  CHECK(pair.second.operate(set("dave", 1)).status() == 409);  // the other device's changes
  CHECK(pair.first.operate(set("dave", 1)).status() == 200);
  const std::vector<sip::Message> heard = pair.first.heard();
  REQUIRE(heard.size() == 3);
  const Result<contacts::Delta> delta = contacts::roaming::parse_delta(heard[2].body());
  REQUIRE(delta);
  CHECK(delta->from == Version{3});  // the stored number, not the one it believed in
  CHECK(delta->to == Version{4});
}

TEST_CASE("whose changes the last ones were is remembered for authors_remembered_max of them") {
  Pair pair;
  const auto steps = static_cast<std::uint32_t>(limits::authors_remembered_max);
  for (std::uint32_t version = 1; version <= steps; ++version)
    REQUIRE(pair.first.operate(set("bob", version)).status() == 200);
  CHECK(pair.first.operate(set("carol", 1)).status() == 200);
  CHECK(pair.first.operate(set("dave", 1)).status() == 409);
  CHECK(pair.first.operate(set("dave", 2)).status() == 200);
}

TEST_CASE("SIP-CONT-09: with accept_own_older_delta off it is a conflict like any other") {
  Pair pair;
  pair.house.settings.accept_own_older_delta = false;
  CHECK(pair.first.operate(set("bob", 1)).status() == 200);
  CHECK(pair.first.operate(set("carol", 1)).status() == 409);
}

TEST_CASE("SIP-GRP-04, SIP-GRP-05: addGroup is answered with the id, the others without a body") {
  Pair pair;
  const sip::Message added = pair.first.operate(group("Lab", 1));
  CHECK(added.status() == 200);
  const Result<soap::AddGroupResponse> response = soap::read<soap::AddGroupResponse>(added.body());
  REQUIRE(response);
  CHECK(response->id == GroupId{2});
  const sip::Message modified = pair.first.operate(soap::ModifyGroup{
      .group = {.id = GroupId{2}, .name = "Bench", .external_uri = {}}, .expected = Version{2}});
  CHECK(modified.status() == 200);
  CHECK(modified.body().empty());
  const sip::Message deleted =
      pair.first.operate(soap::DeleteGroup{.id = GroupId{2}, .expected = Version{3}});
  CHECK(deleted.status() == 200);
  CHECK(deleted.body().empty());
}

TEST_CASE(
    "SIP-CONT-27: every edge of the list has its answer, and a refusal brings the full list") {
  struct Edge {
    std::string_view what;
    std::string body;
    int status;
  };
  const auto modify = [](std::uint8_t id) {
    return soap::envelope(soap::ModifyGroup{
        .group = {.id = GroupId{id}, .name = "x", .external_uri = {}}, .expected = Version{3}});
  };
  const auto remove = [](std::uint8_t id) {
    return soap::envelope(soap::DeleteGroup{.id = GroupId{id}, .expected = Version{3}});
  };
  const Edge edges[]{
      {"without any change", soap::envelope(set("bob", 3, {GroupId{2}})), 200},
      {"a group that does not exist", soap::envelope(set("carol", 3, {GroupId{9}})), 400},
      {"without groups", soap::envelope(set("carol", 3)), 200},
      {"deleteContact of one that is not there",
       soap::envelope(soap::DeleteContact{.uri = "sip:x@example.com", .expected = Version{3}}),
       404},
      {"addGroup with a name that exists", soap::envelope(group("Lab", 3)), 200},
      {"deleteGroup of one that is in use", remove(2), 200},
      {"modifyGroup of group 1", modify(1), 403},
      {"deleteGroup of group 1", remove(1), 403},
      {"modifyGroup of group 0", modify(0), 400},
      {"deleteGroup of group 0", remove(0), 400},
      {"modifyGroup of an unknown group", modify(9), 404},
      {"deleteGroup of an unknown group", remove(9), 404},
  };
  for (const Edge& edge : edges) {
    CAPTURE(edge.what);
    Pair pair;
    REQUIRE(pair.first.operate(group("Lab", 1)).status() == 200);
    REQUIRE(pair.first.operate(set("bob", 2, {GroupId{2}})).status() == 200);
    pair.first.heard();
    pair.second.heard();
    CHECK(pair.first.send(pair.first.service(edge.body)).status() == edge.status);
    const bool changed = edge.status == 200;
    CHECK(pair.list().version() == Version{changed ? 4U : 3U});
    const std::vector<sip::Message> heard = pair.first.heard();
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].body().contains(changed ? "<contactDelta" : "<contactList"));
    CHECK(pair.second.heard().size() == (changed ? 1 : 0));
  }
}

TEST_CASE("SIP-GRP-09: a 64th group is refused with 403") {
  Pair pair;
  for (std::uint32_t i = 1; i <= 62; ++i)
    REQUIRE(pair.first.operate(group("g", i)).status() == 200);
  CHECK(pair.first.operate(group("g", 63)).status() == 403);
  CHECK(pair.list().version() == Version{63});
}

TEST_CASE("SIP-CONT-22: the number of contacts is bounded by configuration") {
  Pair pair;
  pair.house.settings.list.contacts_max = 2;
  CHECK(pair.first.operate(set("a", 1)).status() == 200);
  CHECK(pair.first.operate(set("b", 2)).status() == 200);
  CHECK(pair.first.operate(set("c", 3)).status() == 403);
  CHECK(pair.first.operate(set("B", 3)).status() == 200);  // SIP-CONT-30: the same contact
}

TEST_CASE("SIP-CONT-11: a SERVICE about somebody else's list is refused with 403") {
  Pair pair;
  pair.house.add_user("bob");
  sip::Message request = pair.first.service(soap::envelope(set("carol", 1)));
  request.set("To", "<sip:bob@example.com>");
  request.set_request_uri("sip:bob@example.com");
  const sip::Message response = pair.first.send(request);
  CHECK(response.status() == 403);
  CHECK(response.reason() == "Forbidden: the list of somebody else");
  CHECK(pair.house.records.at(House::aor("bob")).list.version() == Version{1});
  CHECK(pair.list().version() == Version{1});
  CHECK(pair.second.heard().empty());
}

TEST_CASE("SIP-CONT-29: the body must be SOAP") {
  Pair pair;
  sip::Message request = pair.first.request("SERVICE");
  request.set_body("text/plain", "hello");
  const sip::Message response = pair.first.send(request);
  CHECK(response.status() == 415);
  CHECK(response.text("Accept") == "application/SOAP+xml");
}

TEST_CASE("SIP-PRES-06, SIP-CONT-27: bad SOAP is answered 400 with what is wrong, nothing stored") {
  struct Bad {
    std::string body;
    std::string_view reason;
  };
  const std::string entities =
      "<!DOCTYPE b [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><x>&b;</x>";
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "<a>";
  std::string ids;
  for (int i = 0; i < 65; ++i) ids += "1 ";
  const std::string contact =
      "<m:setContact><m:displayName>N</m:displayName><m:groups>GROUPS</m:groups>"
      "<m:subscribed>true</m:subscribed><m:URI>sip:bob@example.com</m:URI>"
      "<m:deltaNum>1</m:deltaNum></m:setContact>";
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string text = contact;
    text.replace(text.find(from), from.size(), to);
    if (const std::size_t groups = text.find("GROUPS"); groups != std::string::npos)
      text.replace(groups, 6, "1");
    return envelope(text);
  };
  const std::string long_name(257, 'n');
  const auto group_called = [&](std::string_view method, std::string_view more) {
    const std::string element = "m:" + std::string(method);
    return envelope("<" + element + ">" + std::string(more) + "<m:name>" + long_name +
                    "</m:name><m:externalURI/><m:deltaNum>1</m:deltaNum></" + element + ">");
  };
  const auto and_element = [&](std::string_view name, std::size_t bytes) {
    const std::string element = "m:" + std::string(name);
    return with("<m:deltaNum>",
                "<" + element + ">" + std::string(bytes, 'x') + "</" + element + "><m:deltaNum>");
  };
  const Bad bads[]{
      {envelope("<m:setWeather/>"), "method unsupported"},
      {envelope("<setContact xmlns=\"http://example.com/\"/>"), "method namespace unsupported"},
      {with("<m:URI>sip:bob@example.com</m:URI>", ""), "URI missing"},
      {with("<m:deltaNum>1</m:deltaNum>", ""), "deltaNum missing"},
      {with("<m:deltaNum>1<", "<m:deltaNum>one<"), "deltaNum malformed"},
      {with("GROUPS", ids), "groups too many"},
      {with("<m:displayName>N", "<m:displayName>" + long_name), "displayName too long"},
      {group_called("addGroup", ""), "name too long"},
      {group_called("modifyGroup", "<m:groupID>1</m:groupID>"), "name too long"},
      {with("sip:bob@", "sip:" + std::string(455 - 15, 'b') + "@"), "URI too long"},
      {and_element("externalURI", 1025), "externalURI too long"},
      {and_element("contactExtension", 1025), "contactExtension too long"},
      {entities, "DOCTYPE forbidden"},
      {"<!DOCTYPE s:Envelope>" + envelope(contact), "DOCTYPE forbidden"},
      {deep, "XML depth too many"},
      {envelope(contact).substr(0, 200), "XML malformed"},
  };
  Pair pair;
  for (const Bad& bad : bads) {
    CAPTURE(bad.body.substr(0, 300));
    const sip::Message response = pair.first.send(pair.first.service(bad.body));
    CHECK(response.status() == 400);
    CHECK(response.reason() == "Bad Request: " + std::string(bad.reason));
  }
  CHECK(pair.list().version() == Version{1});
  CHECK(pair.second.heard().empty());
}

TEST_CASE("a dialog belongs to its device: another of the same user is answered 481") {
  Pair pair;
  for (const std::string_view method : {"SUBSCRIBE", "SERVICE"}) {
    sip::Message stolen = pair.second.request(method);
    std::string from = pair.first.dialog_local_tag;
    from.replace(from.find(pair.first.epid), pair.first.epid.size(), pair.second.epid);
    stolen.set("From", from);
    stolen.set("Call-ID", pair.first.dialog_call_id);
    stolen.set_to_tag(pair.first.dialog_remote_tag);
    stolen.add("Event", "vnd-microsoft-roaming-contacts");
    CHECK(pair.second.send(stolen).status() == 481);
  }
}

TEST_CASE("RFC 6665 §4.4.3: a fetch without piggyback is answered by one NOTIFY with the list") {
  Pair pair;
  sip::Message once = pair.first.request("SUBSCRIBE");
  once.add("Event", "vnd-microsoft-roaming-contacts");
  once.add("Expires", "0");
  const sip::Message ok = pair.first.send(once);
  CHECK(ok.status() == 200);
  CHECK(ok.body().empty());
  const std::vector<sip::Message> heard = pair.first.heard();
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].method() == "NOTIFY");
  CHECK(heard[0].text("subscription-state") == "terminated;reason=timeout");
  CHECK(heard[0].body().contains("contactList"));
  CHECK(pair.house.core.user(House::aor("alice"))->subscriptions == 2);
}
