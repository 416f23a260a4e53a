#include "kith/presence/format/xpidf.h"

#include <doctest/doctest.h>

#include "kith/presence/limits.h"

namespace kith::presence::xpidf {
namespace {

std::string document_with(std::string_view rest) {
  return "<presence><presentity uri='sip:ines@lab.example'/>" + std::string(rest) + "</presence>";
}

std::string address_with(std::string_view rest, std::string_view attributes = "") {
  return document_with("<atom id='1'><address uri='sip:i@h' " + std::string(attributes) + ">" +
                       std::string(rest) + "</address></atom>");
}

Address address_in(const std::string& document) {
  const auto presence = parse(document);
  REQUIRE(presence);
  REQUIRE(presence->atoms.size() == 1);
  REQUIRE(presence->atoms.front().addresses.size() == 1);
  return presence->atoms.front().addresses.front();
}

void check_refused(const std::string& document, Fault fault, std::string_view where) {
  CAPTURE(document);
  const auto presence = parse(document);
  REQUIRE_FALSE(presence);
  CHECK(presence.error().fault == fault);
  CHECK(presence.error().where == where);
}

Aggregate ines(State state) {
  Aggregate user{.uri = "sip:ines@lab.example",
                 .state = state,
                 .epid = "a1",
                 .directory = {},
                 .user_info = {},
                 .devices = {}};
  user.directory.display_name = "Ines <I>";
  return user;
}

TEST_CASE("SIP-XPIDF-02: presence is presentity, atoms, display") {
  CHECK(write(of(ines({{300}, {400}}))) ==
        "<?xml version=\"1.0\"?>\r\n"
        "<!DOCTYPE presence PUBLIC \"-//IETF//DTD RFCxxxx XPIDF 1.0//EN\" \"xpidf.dtd\">\r\n"
        "<presence><presentity uri=\"sip:ines@lab.example\">Ines &lt;I&gt;</presentity>"
        "<atom id=\"1\"><address uri=\"sip:ines@lab.example\" priority=\"0.8\">"
        "<status status=\"open\" /><msnsubstatus substatus=\"online\" /></address></atom>"
        "<display name=\"Ines &lt;I&gt;\" /></presence>");
  const auto least = parse("<presence><presentity uri='ines@lab.example'/></presence>");
  REQUIRE(least);
  CHECK(least->uri == "sip:ines@lab.example");
  CHECK(least->atoms.empty());
  check_refused("<presence/>", Fault::missing, "presentity");
  check_refused("<presence><presentity/></presence>", Fault::missing, "uri");
  check_refused("<presence><presentity uri='x'/></presence>", Fault::malformed, "uri");
  check_refused("<presentity/>", Fault::unsupported, "document");
  check_refused(document_with("<atom/>"), Fault::missing, "id");
  check_refused(document_with("<atom id='1' expires='x'/>"), Fault::malformed, "expires");
  check_refused(document_with("<atom id='1'><address/></atom>"), Fault::missing, "uri");
}

TEST_CASE("SIP-XPIDF-02: a document is read back as it was written") {
  Presence presence = of(ines({{300}, {600}}));
  presence.atoms.push_back({.id = "2", .expires = Time{1'800'000'000s}, .addresses = {}});
  presence.atoms.front().addresses.push_back({.uri = "mailto:ines@lab.example",
                                              .priority = {},
                                              .status = Status::in_use,
                                              .substatus = {},
                                              .note = "a & b"});
  CHECK(parse(write(presence)) == presence);
}

TEST_CASE("SIP-XPIDF-02: the document of a real client is read, its document type passed over") {
  const auto presence = parse(
      "<?xml version=\"1.0\"?>\r\n<!DOCTYPE presence\r\nPUBLIC \"-//IETF//DTD RFCxxxx XPIDF "
      "1.0//EN\" \"xpidf.dtd\">\r\n<presence>\r\n<presentity uri=\"sip:user2@192.0.2.7;"
      "method=SUBSCRIBE\" />\r\n<atom atomid=\"1000\">\r\n<address uri=\"sip:user2@192.0.2.7;"
      "user=ip\" priority=\"0.800000\">\r\n<status status=\"open\" />\r\n"
      "<msnstatus substatus=\"online\" />\r\n</address>\r\n</atom>\r\n</presence>\r\n");
  REQUIRE(presence);
  REQUIRE(presence->atoms.size() == 1);
  CHECK(presence->atoms.front().id == "1000");
  CHECK(presence->atoms.front().addresses ==
        std::vector{Address{.uri = "sip:user2@192.0.2.7;user=ip",
                            .priority = sip::QValue{800},
                            .status = Status::open,
                            .substatus = Substatus::online,
                            .note = {}}});
}

TEST_CASE("a document type with declarations is forbidden, and one without an end malformed") {
  const std::string rest = document_with("");
  CHECK(parse("\xEF\xBB\xBF <!-- <!DOCTYPE a [ --><!DOCTYPE presence SYSTEM '[>'>" + rest));
  check_refused("<!DOCTYPE presence [<!ENTITY a 'b'>]>" + rest, Fault::forbidden, "DOCTYPE");
  check_refused("<!DOCTYPE presence><!DOCTYPE presence>" + rest, Fault::forbidden, "DOCTYPE");
  check_refused("<!DOCTYPE presence", Fault::malformed, "DOCTYPE");
  check_refused("<!DOCTYPE presence PUBLIC 'x", Fault::malformed, "DOCTYPE");
  check_refused("<!-- <presence/>", Fault::malformed, "XML");
}

TEST_CASE("SIP-XPIDF-03: eight substates, and what each means in numbers") {
  struct Case {
    std::string_view word;
    Substatus substatus;
    State state;
  };
  for (const auto& [word, substatus, state] :
       {Case{"unknown", Substatus::unknown, {}}, Case{"away", Substatus::away, {{300}, {100}}},
        Case{"online", Substatus::online, {{300}, {400}}},
        Case{"idle", Substatus::idle, {{300}, {200}}},
        Case{"busy", Substatus::busy, {{300}, {600}}},
        Case{"berightback", Substatus::be_right_back, {{300}, {300}}},
        Case{"onthephone", Substatus::on_the_phone, {{300}, {500}}},
        Case{"outtolunch", Substatus::out_to_lunch, {{300}, {150}}}}) {
    CAPTURE(word);
    const std::string element = "<msnsubstatus substatus='" + std::string(word) + "'/>";
    CHECK(address_in(address_with(element)).substatus == substatus);
    CHECK(state_of(*parse(address_with("<status status='open'/>" + element))) == state);
    CHECK(state_of(*parse(address_with("<status status='closed'/>" + element))) == State{});
    if (substatus == Substatus::unknown) continue;
    CHECK(state_of(of(ines(state))) == state);
    CHECK(write(of(ines(state))).contains("substatus=\"" + std::string(word) + "\""));
  }
  CHECK(address_in(address_with("<msnsubstatus substatus='Online'/>")).substatus ==
        Substatus::online);
  CHECK(address_in(address_with("<msnsubstatus substatus='sleeping'/>")).substatus ==
        Substatus::unknown);
  CHECK(address_in(address_with("")).substatus == std::nullopt);
  check_refused(address_with("<msnsubstatus/>"), Fault::missing, "substatus");
}

TEST_CASE("SIP-XPIDF-03: the best address counts, and open without a substate is online") {
  const auto presence =
      parse(document_with("<atom id='1'><address uri='a'><msnsubstatus substatus='away'/></address>"
                          "<address uri='b'/></atom><atom id='2'><address uri='c'>"
                          "<msnsubstatus substatus='idle'/></address></atom>"));
  REQUIRE(presence);
  CHECK(state_of(*presence) == State{{300}, {400}});
  CHECK(state_of(*parse(document_with(""))) == State{});
}

TEST_CASE("SIP-XPIDF-04: display suggests a name") {
  CHECK(parse(document_with("<display name='Ines I'/>"))->display_name == "Ines I");
  CHECK(parse(document_with(""))->display_name.empty());
  Aggregate nameless = ines({});
  nameless.directory = {};
  CHECK_FALSE(write(of(nameless)).contains("<display"));
  check_refused(document_with("<display name='" + std::string(text_bytes_max + 1, 'n') + "'/>"),
                Fault::too_long, "name");
}

TEST_CASE("SIP-XPIDF-05: a status is open, closed or inuse") {
  const auto status = [](std::string_view word) {
    return address_with("<status status='" + std::string(word) + "'/>");
  };
  CHECK(address_in(status("open")).status == Status::open);
  CHECK(address_in(status("closed")).status == Status::closed);
  CHECK(address_in(status("InUse")).status == Status::in_use);
  CHECK(write(of(ines({{0}, {100}})))
            .contains("<status status=\"closed\" /><msnsubstatus "
                      "substatus=\"unknown\" />"));
  CHECK(write(of(ines({{100}, {0}}))).contains("<status status=\"open\" />"));
  for (const std::string_view bad : {"", "opened", "open "})
    check_refused(status(bad), Fault::malformed, "status");
  check_refused(address_with("<status/>"), Fault::missing, "status");
}

TEST_CASE("SIP-XPIDF-06: a priority is a number of 0 to 1") {
  const auto priority = [](std::string_view text) {
    return address_with("", "priority='" + std::string(text) + "'");
  };
  struct Case {
    std::string_view text;
    std::uint16_t thousandths;
  };
  for (const auto& [text, thousandths] :
       {Case{"0", 0}, Case{"1", 1000}, Case{"0.8", 800}, Case{"0.800000", 800}, Case{".5", 500}})
    CHECK(address_in(priority(text)).priority == sip::QValue{thousandths});
  for (const std::string_view bad : {"", "1.1", "-0.1", "nan", "inf", "0,5", "high"})
    check_refused(priority(bad), Fault::malformed, "priority");
}

TEST_CASE("addresses and texts have bounds") {
  const auto addresses = [](std::size_t count) {
    std::string atom = "<atom id='1'>";
    for (std::size_t i = 0; i < count; ++i) atom += "<address uri='a'/>";
    return document_with(atom + "</atom>");
  };
  CHECK(parse(addresses(xpidf_addresses_max)));
  check_refused(addresses(xpidf_addresses_max + 1), Fault::too_many, "address");
  const std::string long_text(text_bytes_max + 1, 'n');
  check_refused(address_with("<note>" + long_text + "</note>"), Fault::too_long, "note");
  check_refused("<presence><presentity uri='a@h'>" + long_text + "</presentity></presence>",
                Fault::too_long, "presentity");
}

}  // namespace
}  // namespace kith::presence::xpidf
