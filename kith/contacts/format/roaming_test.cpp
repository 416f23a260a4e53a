#include "kith/contacts/format/roaming.h"

#include <doctest/doctest.h>

#include <string>

#include "kith/contacts/limits.h"

namespace kith::contacts::roaming {
namespace {

Contact ines() {
  return {.uri = "sip:Ines@lab.example",
          .name = "Ines",
          .groups = {GroupId{1}, GroupId{2}},
          .external_uri = {},
          .extension = {}};
}

List example() {
  return *List::make(Version{12},
                     {{.id = GroupId{1}, .name = "~", .external_uri = {}},
                      {.id = GroupId{2}, .name = "Lab", .external_uri = {}}},
                     {ines()});
}

Delta delta_of(Change change) {
  return {.from = Version{12}, .to = Version{13}, .changes = {std::move(change)}};
}

std::string list_with(std::string_view content) {
  return "<contactList deltaNum=\"3\">" + std::string(content) + "</contactList>";
}

std::string delta_with(std::string_view content) {
  return "<contactDelta deltaNum=\"13\" prevDeltaNum=\"12\">" + std::string(content) +
         "</contactDelta>";
}

TEST_CASE(
    "SIP-CONT-03, SIP-CONT-24: the full list is groups, then contacts, whose uri has no sip:") {
  CHECK(write(example()) ==
        "<contactList deltaNum=\"12\">"
        "<group id=\"1\" name=\"~\" externalURI=\"\" />"
        "<group id=\"2\" name=\"Lab\" externalURI=\"\" />"
        "<contact uri=\"Ines@lab.example\" name=\"Ines\" groups=\"1 2\" subscribed=\"true\""
        " externalURI=\"\" />"
        "</contactList>");
  CHECK(write(List()) ==
        "<contactList deltaNum=\"1\"><group id=\"1\" name=\"~\" externalURI=\"\" /></contactList>");
}

TEST_CASE("SIP-CONT-05, SIP-CONT-24: a delta has both numbers, and uris with sip: in lower case") {
  const std::string attributes =
      " name=\"Ines\" groups=\"1 2\" subscribed=\"true\" externalURI=\"\" />";
  CHECK(write(delta_of(AddedContact{ines()})) ==
        delta_with("<addedContact uri=\"sip:ines@lab.example\"" + attributes));
  CHECK(write(delta_of(ModifiedContact{ines()})) ==
        delta_with("<modifiedContact uri=\"sip:ines@lab.example\"" + attributes));
  CHECK(write(delta_of(DeletedContact{"SIP:Ines@lab.example"})) ==
        delta_with("<deletedContact uri=\"sip:ines@lab.example\" />"));
  CHECK(write(delta_of(AddedGroup{{.id = GroupId{3}, .name = "A&B", .external_uri = "x"}})) ==
        delta_with("<addedGroup id=\"3\" name=\"A&amp;B\" externalURI=\"x\" />"));
  CHECK(write(delta_of(ModifiedGroup{{.id = GroupId{3}, .name = "", .external_uri = ""}})) ==
        delta_with("<modifiedGroup id=\"3\" name=\"\" externalURI=\"\" />"));
  CHECK(write(delta_of(DeletedGroup{GroupId{3}})) == delta_with("<deletedGroup id=\"3\" />"));
}

TEST_CASE("SIP-CONT-18: contactExtension is a child with its XML as it was") {
  Contact contact = ines();
  contact.extension = "<e xmlns=\"urn:e\">1</e>";
  contact.subscribed = false;
  const std::string document = write(delta_of(AddedContact{contact}));
  CHECK(
      document.contains("subscribed=\"false\" externalURI=\"\"><contactExtension>"
                        "<e xmlns=\"urn:e\">1</e></contactExtension></addedContact>"));
  contact.uri = "sip:ines@lab.example";
  CHECK(parse_delta(document) == delta_of(AddedContact{contact}));
}

TEST_CASE("the list of a real server is read") {
  const auto list = parse_list(
      "<contactList xmlns=\"http://schemas.microsoft.com/winrtc/2002/11/sip\" deltaNum=\"1\">"
      "<group id=\"1\" name=\"~\" externalURI=\"\"/>"
      "<contact uri=\"bob@example.com\" name=\"Bob\" groups=\"1\" subscribed=\"true\" "
      "externalURI=\"\"/>"
      "</contactList>");
  REQUIRE(list);
  CHECK(list->version() == Version{1});
  REQUIRE(list->contacts().size() == 1);
  CHECK(list->contacts().front().uri == "sip:bob@example.com");
  const auto delta = parse_delta(
      "<contactDelta xmlns=\"http://schemas.microsoft.com/winrtc/2002/11/sip\" deltaNum=\"7\" "
      "prevDeltaNum=\"6\"><modifiedContact uri=\"sip:bob@example.com\" name=\"Robert &lt;B&gt;\" "
      "groups=\"3\" subscribed=\"true\" externalURI=\"\"/></contactDelta>");
  REQUIRE(delta);
  CHECK(std::get<ModifiedContact>(delta->changes.front()).contact.name == "Robert <B>");
}

TEST_CASE(
    "SIP-TRAN-19, SIP-CONT-24: prefixes, either form of uri, defaults and unknown things are "
    "read") {
  const auto list = parse_list(
      "<x:contactList xmlns:x=\"urn:x\" deltaNum=\"3\"><x:group id=\"2\" "
      "name=\"Lab\"/><x:news><y/></x:news>"
      "<contact uri=\"sip:a@h\" colour=\"red\" groups=\" 2\t0 7 \"/><x:contact uri=\"b@h\"/>"
      "<contact uri=\"SIPS:c@h\" subscribed=\"0\" groups=\"\"/></x:contactList>");
  REQUIRE(list);
  CHECK(list->groups().size() == 2);
  REQUIRE(list->contacts().size() == 3);
  CHECK(list->contact("sip:a@h")->groups == std::vector{GroupId{1}, GroupId{2}});
  CHECK(list->contact("sip:b@h")->groups == std::vector{GroupId{1}});
  CHECK(list->contact("sip:b@h")->subscribed);
  CHECK_FALSE(list->contact("sips:c@h")->subscribed);
  const auto delta = parse_delta(delta_with("<deletedContact uri=\"a@h\"/><later/>"));
  REQUIRE(delta);
  CHECK(delta->changes == std::vector<Change>{DeletedContact{"sip:a@h"}});
}

TEST_CASE("SIP-GRP-10: a later full list may number the groups anew") {
  const auto first =
      parse_list(list_with("<group id='2' name='A'/><contact uri='a@h' groups='2'/>"));
  const auto later =
      parse_list(list_with("<group id='5' name='A'/><contact uri='a@h' groups='5'/>"));
  REQUIRE(first);
  REQUIRE(later);
  List followed = *first;
  followed.apply(between(*first, *later));
  CHECK(followed == *later);
}

TEST_CASE("what is wrong in a document is named") {
  struct Case {
    std::string document;
    Fault fault;
    std::string_view where;
  };
  const std::string longer_name = "<group id='2' name='" + std::string(257, 'n') + "'/>";
  std::string ids;
  for (std::size_t i = 0; i <= groups_per_contact_max; ++i) ids += "1 ";
  for (const auto& [document, fault, where] : std::initializer_list<Case>{
           {"<contactList/>", Fault::missing, "deltaNum"},
           {"<contactList deltaNum='0'/>", Fault::malformed, "deltaNum"},
           {"<contactList deltaNum='-1'/>", Fault::malformed, "deltaNum"},
           {"<contactList deltaNum='4294967296'/>", Fault::malformed, "deltaNum"},
           {"<contactDelta deltaNum='2'/>", Fault::missing, "prevDeltaNum"},
           {list_with("<group name='a'/>"), Fault::missing, "id"},
           {list_with("<group id='64' name='a'/>"), Fault::malformed, "id"},
           {list_with("<group id='0' name='a'/>"), Fault::malformed, "id"},
           {list_with("<group id='2'/>"), Fault::missing, "name"},
           {list_with(longer_name), Fault::too_long, "name"},
           {list_with("<group id='2' name='a' externalURI='" + std::string(1025, 'e') + "'/>"),
            Fault::too_long, "externalURI"},
           {list_with("<group id='2' name='a'/><group id='2' name='b'/>"), Fault::duplicate,
            "contactList"},
           {list_with("<contact/>"), Fault::missing, "uri"},
           {list_with("<contact uri='bob'/>"), Fault::malformed, "uri"},
           {list_with("<contact uri='b@" + std::string(449, 'h') + "'/>"), Fault::too_long, "uri"},
           {list_with("<contact uri='b@h' groups='x'/>"), Fault::malformed, "groups"},
           {list_with("<contact uri='b@h' groups='" + ids + "'/>"), Fault::too_many, "groups"},
           {list_with("<contact uri='b@h' subscribed='maybe'/>"), Fault::malformed, "subscribed"},
           {list_with("<contact uri='b@h'><contactExtension>" + std::string(1025, 'x') +
                      "</contactExtension></contact>"),
            Fault::too_long, "contactExtension"},
           {list_with("<contact uri='b@h'/><contact uri='B@H'/>"), Fault::duplicate, "contactList"},
           {delta_with("<deletedGroup/>"), Fault::missing, "id"},
           {delta_with("<addedContact uri='b h@h'/>"), Fault::malformed, "uri"},
           {"<presence/>", Fault::unsupported, "document"},
           {"<!DOCTYPE contactList><contactList deltaNum='1'/>", Fault::forbidden, "DOCTYPE"},
           {"<contactList", Fault::malformed, "XML"},
       }) {
    CAPTURE(document);
    const auto result = parse(document);
    REQUIRE_FALSE(result);
    CHECK(result.error().fault == fault);
    CHECK(result.error().where == where);
  }
  CHECK(parse_list(delta_with("")).error() ==
        Error{.fault = Fault::unsupported, .where = "document"});
  CHECK(parse_delta(list_with("")).error() ==
        Error{.fault = Fault::unsupported, .where = "document"});
}

TEST_CASE("the longest list that the limits allow is read back") {
  List list;
  Contact contact = ines();
  contact.groups.clear();
  contact.name.assign(256, '&');
  contact.external_uri.assign(1024, '"');
  contact.extension.clear();
  for (int i = 0; i < 204; ++i) contact.extension += "<a />";
  for (std::size_t i = 0; i < 250; ++i) {
    contact.uri = "sip:" + std::to_string(1000 + i) + std::string(434, 'u') + "@lab.example";
    REQUIRE(list.set_contact(contact));
  }
  const std::string document = write(list);
  CHECK(document.size() <= roaming_document.document_bytes_max);
  const auto read = parse_list(document);
  REQUIRE(read);
  CHECK(*read == list);
}

TEST_CASE("a document longer than roaming_document is refused unread") {
  const std::string empty = list_with("");
  const std::string blanks(roaming_document.document_bytes_max - empty.size(), ' ');
  CHECK(parse_list(empty + blanks));
  const auto longer = parse_list(empty + blanks + " ");
  REQUIRE_FALSE(longer);
  CHECK(longer.error().fault == Fault::too_long);
}

}  // namespace
}  // namespace kith::contacts::roaming
