#include "kith/sip/header/contact.h"

#include <utility>

#include "kith/sip/message.h"
#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.10: Contact") {
  test::accepts<Contact>(
      {{"<sip:a@b>", ""},
       {"sip:a@b", "<sip:a@b>"},
       {"sip:a@b;tag=1", "<sip:a@b>;tag=1"},
       {"Bob <sip:a@b>", "\"Bob\" <sip:a@b>"},
       {"\"B, \\\"o;b\" <sip:a@b;lr>;tag=1", "\"B, \\\"o;b\" <sip:a@b;lr>;tag=1"},
       {"Bob B. Ob<tel:+1> ;x", "\"Bob B. Ob\" <tel:+1>;x"},
       {"*", ""},
       {"* <sip:a@b>", "\"*\" <sip:a@b>"},
       {"*a b <sip:a@b>;q=1", "\"*a b\" <sip:a@b>;q=1"},
       {"<sip:a@b;transport=tcp>;proxy=replace;+sip.instance=\"<urn:uuid:0>\"", ""},
       {"sip:a@b;transport=tcp", "<sip:a@b>;transport=tcp"}});
  test::refuses<Contact>({"", "<sip:a@b", "sip:a@b>", "\"Bob\" sip:a@b", "\"Bob <sip:a@b>",
                          "Bob sip:a@b", "<>", "<sip:a@b> x", "sip:a@b?x=y", "<sip:a@b>;t=\"1",
                          "*;q=1", "**", "*a", "* sip:a@b", "*a sip:a@b"});
  test::tolerates<Contact>(
      {{"<sip:a@b; transport=\"tcp\">", "quoted parameter in a URI", "<sip:a@b;transport=tcp>"},
       {"<sip:a@b>;a;a", "parameter given twice", "<sip:a@b>;a;a"},
       {"<sip:a@b>;", "empty parameter", "<sip:a@b>"},
       {"<sip:a@b;x=1;X=2>", "parameter given twice", "<sip:a@b;x=1;X=2>"}});
}

TEST_CASE("RFC 3261 §25.1: the parameters of a Contact that it names are of their kind") {
  test::accepts<Contact>({{"<sip:a@b>;q=1.000;expires=4294967295;x=1.001", ""},
                          {"<sip:a@b>;Q=0;Expires=00", ""},
                          {"<sip:a@b>;reg-id=1;+sip.instance=\"<urn:x>\"", ""},
                          {"<sip:a@b>;pub-gruu=\"sip:a@b;gr=1\";temp-gruu=\"sip:b;gr\"", ""},
                          {"<sip:a@b>;rc=1.10;mp=0;np=2.1", ""}});
  for (const char* wrong : {"q",
                            "q=1.001",
                            "q=2",
                            "q=0.1234",
                            "q=.5",
                            "q=\"0.5\"",
                            "q=-1",
                            "expires",
                            "expires=soon",
                            "expires=-1",
                            "expires=4294967296",
                            "expires=\"1\"",
                            "reg-id=0",
                            "reg-id=2147483648",
                            "+sip.instance=x",
                            "pub-gruu=x",
                            "temp-gruu",
                            "rc=01",
                            "mp=1.",
                            "np=\"1\""}) {
    const std::string text = "<sip:a@b>;x=y;" + std::string{wrong};
    test::tolerates<Contact>({{text, "parameter whose value is not of its kind", text}});
  }
}

TEST_CASE("RFC 3261 §20.10: the wildcard of a Contact stands alone") {
  const auto read = [](std::string_view value, kith::Mode mode) {
    const auto message = Message::parse(
        "REGISTER sip:b SIP/2.0\r\nContact: " + std::string{value} + "\r\n\r\n", mode);
    REQUIRE(message);
    const auto all = message->all<Contact>();
    return std::pair{all.has_value(), all ? 0 : all.error().offset};
  };
  for (const kith::Mode mode : {kith::Mode::strict, kith::Mode::lenient}) {
    CHECK(read("*", mode).first);
    CHECK(read("<sip:a@b>, \"*\" <sip:b>", mode).first);
    CHECK(read("<sip:a@b>, * <sip:b>", mode).first);
    CHECK(read("*, <sip:a@b>", mode) == std::pair{false, std::size_t{34}});
    CHECK(read("<sip:a@b>, *", mode) == std::pair{false, std::size_t{44}});
    CHECK_FALSE(read("*, *", mode).first);
    CHECK_FALSE(read("<sip:a@b>,*,<sip:c>", mode).first);
    CHECK_FALSE(read("<sip:a@b>;x,<sip:b>,*", mode).first);
  }
  CHECK(read("*,", kith::Mode::lenient).first);
  CHECK_FALSE(read("*,", kith::Mode::strict).first);
  CHECK_FALSE(read("<sip:a@b>,,*", kith::Mode::lenient).first);
}

TEST_CASE("RFC 3261 §20.10: q, expires in seconds, the instance without brackets") {
  const auto contact = [](std::string_view params) {
    return *test::read_whole<Contact>("<sip:a@b>" + std::string{params}, kith::Mode::lenient);
  };
  CHECK(contact(";q=0.7").q() == QValue{700});
  CHECK(contact(";Q=1.000").q() == QValue{1000});
  CHECK(contact(";q=0").q() == QValue{0});
  for (const char* wrong : {"", ";q", ";q=1.1", ";q=2", ";q=0.1234", ";q=.5"})
    CHECK_FALSE(contact(wrong).q());
  CHECK(contact(";expires=0").expires() == 0);
  CHECK(contact(";expires=soon").expires() == 3600);
  CHECK_FALSE(contact("").expires());
  CHECK(contact(";+sip.instance=\"<urn:x>\"").instance() == "urn:x");
  CHECK_FALSE(contact("").instance());
}

TEST_CASE("RFC 5626 §10: reg-id is a number from 1 below 2**31") {
  const auto reg_id = [](std::string_view params) {
    return test::read_whole<Contact>("<sip:a@b>" + std::string{params}, kith::Mode::lenient)
        ->reg_id();
  };
  CHECK(reg_id(";reg-id=1") == 1);
  CHECK(reg_id(";Reg-ID=2147483647") == 2147483647);
  for (const char* wrong : {"", ";reg-id", ";reg-id=0", ";reg-id=2147483648", ";reg-id=-1",
                            ";reg-id=1x", ";reg-id=4294967297"})
    CHECK_FALSE(reg_id(wrong));
}

TEST_CASE("RFC 5627 §7: the GRUUs of a Contact") {
  const auto contact = test::read_whole<Contact>(
      "<sip:a@b>;pub-gruu=\"sip:a@b;gr=urn:uuid:f8\";temp-gruu=\"sip:tgruu.7h@b;gr\"",
      kith::Mode::strict);
  CHECK(contact->pub_gruu() == "sip:a@b;gr=urn:uuid:f8");
  CHECK(contact->temp_gruu() == "sip:tgruu.7h@b;gr");
  CHECK_FALSE(test::read_whole<Contact>("<sip:a@b>", kith::Mode::strict)->pub_gruu());
  CHECK_FALSE(test::read_whole<Contact>("<sip:a@b>", kith::Mode::strict)->temp_gruu());
}

TEST_CASE("RFC 7044 §5: a Contact of a redirection names the entry that it was made of") {
  const auto read = [](std::string_view text) {
    return test::read_whole<Contact>(text, kith::Mode::strict).value();
  };
  CHECK(read("<sip:a@b>;rc=1.1").rc() == "1.1");
  CHECK(read("<sip:a@b>;MP=1").mp() == "1");
  CHECK(read("<sip:a@b>;np=2").np() == "2");
  CHECK_FALSE(read("<sip:a@b>;np=2").rc());
  CHECK_FALSE(read("<sip:a@b>;rc=2").mp());
  CHECK_FALSE(read("<sip:a@b?rc=1>").np());
}
