#include "kith/acl/format/roaming.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>

#include "kith/acl/limits.h"
#include "kith/acl/testing/support.h"

namespace kith::acl::roaming {
namespace {

using testing::ace;
using testing::list_of;

std::string with_aces(std::string_view content) {
  return "<ACLlist deltaNum=\"7\"><userACL>" + std::string(content) + "</userACL></ACLlist>";
}

TEST_CASE("the whole list is written with its number, and again after a change") {
  List list = list_of({ace("USER", "sip:Ines@lab.example", "AA"), ace("ALL", "", "PA"),
                       ace("DOMAIN", "lab.example", "BDX")});
  CHECK(write(list) ==
        with_aces("<ace type=\"ALL\" mask=\"\" rights=\"PA\" />"
                  "<ace type=\"DOMAIN\" mask=\"lab.example\" rights=\"BDX\" />"
                  "<ace type=\"USER\" mask=\"sip:Ines@lab.example\" rights=\"AA\" />"));
  CHECK(parse(write(list)) == list);
  REQUIRE(list.set(ace("USER", "sip:a&b@lab.example", "BD")));
  CHECK(write(list).starts_with("<ACLlist deltaNum=\"8\">"));
  CHECK(write(list).contains("mask=\"sip:a&amp;b@lab.example\""));
  CHECK(parse(write(list)) == list);
  CHECK(write(list_of({})) == "<ACLlist deltaNum=\"7\"><userACL /></ACLlist>");
}

TEST_CASE("the list that a real client was content with is read") {
  const sip::Message accepted =
      testing::capture("ntlm-bob-010-server-200-SUBSCRIBE-vnd-microsoft-roaming-ACL");
  const auto list = parse(accepted.body());
  REQUIRE(list);
  CHECK(list->version() == Version{1});
  CHECK(list->aces().empty());
}

TEST_CASE("SIP-TRAN-19: namespaces, prefixes, defaults and unknown things are read") {
  CHECK(parse("<x:ACLlist xmlns:x='http://schemas.microsoft.com/sip/acl/' deltaNum='7' later='1'>"
              "<x:news/><x:hers><x:ace type='ALL' rights='DD'/></x:hers><x:userACL><x:ace "
              "type='ALL' rights='PA' since='2003'/><x:note>n</x:note>"
              "<ace type='USER' mask='sip:ines@lab.example'/></x:userACL>"
              "<userACL><ace type='DOMAIN' mask='lab.example.' rights='DDZ'/></userACL>"
              "</x:ACLlist>") ==
        list_of({ace("ALL", "", "PA"), ace("USER", "sip:ines@lab.example", "AA"),
                 ace("DOMAIN", "lab.example.", "DDZ")}));
}

TEST_CASE("SIP-ACL-09, SIP-ACL-11, SIP-ACL-13, SIP-ACL-16: what is wrong in a list is named") {
  struct Case {
    std::string document;
    Fault fault;
    std::string_view where;
  };
  for (const auto& [document, fault, where] : std::initializer_list<Case>{
           {"<ACLlist/>", Fault::missing, "deltaNum"},
           {"<ACLlist deltaNum=''/>", Fault::malformed, "deltaNum"},
           {"<ACLlist deltaNum='0'/>", Fault::malformed, "deltaNum"},
           {"<ACLlist deltaNum='-1'/>", Fault::malformed, "deltaNum"},
           {"<ACLlist deltaNum='4294967296'/>", Fault::malformed, "deltaNum"},
           {with_aces("<ace mask='sip:a@h' rights='AA'/>"), Fault::missing, "type"},
           {with_aces("<ace type='all' rights='AA'/>"), Fault::unsupported, "type"},
           {with_aces("<ace type='USER' rights='AA'/>"), Fault::missing, "mask"},
           {with_aces("<ace type='DOMAIN'/>"), Fault::missing, "mask"},
           {with_aces("<ace type='USER' mask='a@h' rights='AA'/>"), Fault::malformed, "mask"},
           {with_aces("<ace type='DOMAIN' mask='h' rights='AA'/>"), Fault::malformed, "mask"},
           {with_aces("<ace type='ALL' rights=''/>"), Fault::malformed, "rights"},
           {with_aces("<ace type='ALL' rights='AB'/>"), Fault::malformed, "rights"},
           {with_aces("<ace type='USER' mask='sip:a@h'/><ace type='USER' mask='sip:A@h'/>"),
            Fault::duplicate, "ACLlist"},
           {"<contactList deltaNum='1'/>", Fault::unsupported, "document"},
           {"<aclList deltaNum='1'/>", Fault::unsupported, "document"},
           {"<!DOCTYPE a><ACLlist deltaNum='1'/>", Fault::forbidden, "DOCTYPE"},
           {"<ACLlist", Fault::malformed, "XML"},
           {"", Fault::malformed, "XML"},
       }) {
    CAPTURE(document);
    const auto list = parse(document);
    REQUIRE_FALSE(list);
    CHECK(list.error().fault == fault);
    CHECK(list.error().where == where);
  }
}

TEST_CASE("the longest list that the limits allow is read back") {
  List list;
  while (list.aces().size() < Limits{}.aces_max) {
    const std::string number = std::to_string(1000 + list.aces().size());
    REQUIRE(list.set(ace("USER", "sip:" + number + std::string(uri_bytes_max - 10, '&') + "@h",
                         std::string(rights_bytes_max, 'A'))));
  }
  const std::string document = write(list);
  CHECK(document.size() <= roaming_document.document_bytes_max);
  CHECK(parse(document) == list);
}

TEST_CASE("a document longer than roaming_document is refused unread") {
  const std::string empty = with_aces("");
  const std::string blanks(roaming_document.document_bytes_max - empty.size(), ' ');
  CHECK(parse(empty + blanks));
  const auto longer = parse(empty + blanks + " ");
  REQUIRE_FALSE(longer);
  CHECK(longer.error().fault == Fault::too_long);
}

}  // namespace
}  // namespace kith::acl::roaming
