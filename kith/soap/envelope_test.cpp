#include "kith/soap/envelope.h"

#include <doctest/doctest.h>

#include <string>

#include "kith/soap/limits.h"
#include "kith/soap/operation/add_group_response.h"
#include "kith/soap/operation/delete_group.h"

namespace kith::soap {
namespace {

constexpr std::string_view sipe_envelope =
    "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" "
    "xmlns:m=\"http://schemas.microsoft.com/winrtc/2002/11/sip\">";

std::string body(std::string_view content) {
  return std::string(sipe_envelope) + "<s:Body>" + std::string(content) + "</s:Body></s:Envelope>";
}

void check_refused(const std::string& document, Fault fault, std::string_view where) {
  CAPTURE(document);
  const auto method = open(document);
  REQUIRE_FALSE(method);
  CHECK(method.error().fault == fault);
  CHECK(method.error().where == where);
}

TEST_CASE("SIP-TRAN-19: the method is found with any prefix, headers and blanks around it") {
  for (const std::string& document :
       {body("<m:deleteGroup/>"),
        std::string(
            "<Envelope xmlns=\"http://schemas.xmlsoap.org/soap/envelope/\">\r\n <Header><x "
            "mustUnderstand=\"0\"/></Header> <Body> <deleteGroup "
            "xmlns=\"http://schemas.microsoft.com/winrtc/2002/11/sip\"/> </Body></Envelope>")}) {
    const auto method = open(document);
    REQUIRE(method);
    CHECK(method->is(DeleteGroup::name));
  }
}

TEST_CASE("what is no envelope with one method is refused and named") {
  check_refused("", Fault::malformed, "XML");
  check_refused("<!DOCTYPE a><a/>", Fault::forbidden, "DOCTYPE");
  check_refused("<Envelope/>", Fault::unsupported, "Envelope");
  check_refused("<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"/>",
                Fault::unsupported, "Envelope");
  check_refused(std::string(sipe_envelope) + "</s:Envelope>", Fault::missing, "Body");
  check_refused(std::string(sipe_envelope) + "<Body/></s:Envelope>", Fault::missing, "Body");
  check_refused(std::string(sipe_envelope) + "<s:Body/><s:Body/></s:Envelope>", Fault::duplicate,
                "Body");
  check_refused(std::string(sipe_envelope) +
                    "<s:Header><m:x s:mustUnderstand=\"1\"/></s:Header><s:Body/></s:Envelope>",
                Fault::unsupported, "Header");
  check_refused(body(""), Fault::missing, "method");
  check_refused(body("<m:a/><m:b/>"), Fault::too_many, "method");
  check_refused(body("<deleteGroup/>"), Fault::unsupported, "method namespace");
  check_refused(body("<deleteGroup xmlns=\"http://schemas.microsoft.com/winrtc/2002/11/SIP\"/>"),
                Fault::unsupported, "method namespace");
  check_refused(
      body("<deleteGroup xmlns=\"http://schemas.microsoft.com/sip/types/deletegroup/\"/>"),
      Fault::unsupported, "method namespace");
  check_refused(body(std::string(envelope_document.document_bytes_max, ' ')), Fault::too_long,
                "XML document");
}

TEST_CASE("an envelope is read back as the operation it was written from, and as no other") {
  const DeleteGroup operation{.id = {3}, .expected = {14}};
  const std::string document = envelope(operation);
  CHECK(document ==
        "<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\">"
        "<SOAP-ENV:Body>"
        "<m:deleteGroup xmlns:m=\"http://schemas.microsoft.com/winrtc/2002/11/sip\">"
        "<m:groupID>3</m:groupID><m:deltaNum>14</m:deltaNum></m:deleteGroup>"
        "</SOAP-ENV:Body></SOAP-ENV:Envelope>");
  CHECK(read<DeleteGroup>(document) == operation);
  CHECK(read<AddGroupResponse>(document).error() ==
        Error{.fault = Fault::unsupported, .where = "method"});
}

TEST_CASE("the reason names the element and its fault") {
  CHECK(reason({.fault = Fault::malformed, .where = "deltaNum"}) == "deltaNum malformed");
  CHECK(reason({.fault = Fault::too_long, .where = "name"}) == "name too long");
}

}  // namespace
}  // namespace kith::soap
