#include "kith/ua/registration.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "kith/ua/limits.h"
#include "kith/ua/testing/phone.h"

namespace kith::ua {
namespace {

using testing::instance;
using testing::Password;
using testing::Phone;
using testing::wish;

using Failure = Registration::Failure;
using Ending = Registration::Ending;

TEST_CASE("RFC 5626 §4.2.1: REGISTER has instance, reg-id and what is supported") {
  Phone phone(wish(1));
  REQUIRE(phone.sent.size() == 1);
  const sip::Message& request = phone.request();
  CHECK(request.request_uri() == "sip:example.com");
  CHECK(request.text("To") == "<sip:alice@example.com>");
  CHECK(request.text("Contact") ==
        "<sip:alice@192.0.2.7:5060>;reg-id=1;+sip.instance=\"<" + std::string{instance} + ">\"");
  CHECK(request.text("Supported") == "outbound, path, gruu");
  CHECK(request.text("Expires") == "3600");
  CHECK_FALSE(request.has("Route"));
  phone.accept();
  CHECK(phone.last<Registration::Registered>().reg_id == 1);
  REQUIRE(phone.registration.binding(1) != nullptr);
  CHECK(phone.registration.binding(1)->outbound);
}

TEST_CASE("RFC 5626 §4.2.3: without an instance there is neither reg-id nor outbound") {
  Phone phone(wish(2, false));
  CHECK(phone.all<Registration::NeedFlow>().size() == 1);
  CHECK(phone.request().text("Contact") == "<sip:alice@192.0.2.7:5060>");
  CHECK(phone.request().text("Supported") == "path");
}

TEST_CASE("RFC 5626 §4.2: there are as many flows as are asked for, and not too many") {
  for (const std::uint32_t flows : {0U, 1U, 2U, 99U}) {
    CAPTURE(flows);
    const Phone phone(wish(flows));
    CHECK(phone.all<Registration::NeedFlow>().size() ==
          std::clamp<std::size_t>(flows, 1, registration_flows_max));
  }
}

TEST_CASE("RFC 3261 §10.2: the second flow is registered after the first one's answer") {
  Phone phone(wish(2));
  CHECK(phone.all<Registration::NeedFlow>().size() == 2);
  CHECK(phone.sent.size() == 1);
  phone.accept();
  REQUIRE(phone.sent.size() == 2);
  CHECK(phone.request().text("Contact").contains("reg-id=2"));
  CHECK(phone.request().text("Call-ID") == "c1");
  CHECK(phone.request().text("CSeq") == "2 REGISTER");
  CHECK(phone.sent[0].flow != phone.sent[1].flow);
  phone.accept();
  CHECK(phone.registration.binding(2) != nullptr);
}

TEST_CASE("RFC 5626 §4.2.1: a registrar without outbound gets one flow") {
  SUBCASE("200 without Require") {
    Phone phone(wish(2));
    phone.accept(";expires=3600", "");
    CHECK(phone.sent.size() == 1);
    CHECK(phone.all<Registration::CloseFlow>().size() == 1);
    CHECK_FALSE(phone.registration.binding(1)->outbound);
  }
  SUBCASE("439") {
    Phone phone(wish(2));
    phone.answer(439);
    CHECK(phone.sent.size() == 2);
    CHECK_FALSE(phone.request().text("Contact").contains("reg-id"));
    CHECK_FALSE(phone.request().text("Supported").contains("outbound"));
    phone.answer(439);
    CHECK(phone.last<Registration::Over>().why == Ending::refused);
  }
}

TEST_CASE("RFC 3261 §10.2.4: a binding is refreshed before it expires") {
  struct Row {
    std::string params;
    std::string headers;
    Duration refreshed_after;
  };
  for (const Row& row :
       {Row{";expires=3600", "", 3480s}, Row{";expires=100", "", 50s},
        Row{"", "Expires: 600\r\n", 480s}, Row{"", "", 3480s},
        Row{";expires=60", "Expires: 600\r\n", 30s}, Row{";expires=4294967295", "", 3480s}}) {
    CAPTURE(row.params);
    CAPTURE(row.headers);
    Phone phone(wish(1));
    phone.accept(row.params, row.headers);
    phone.wait(row.refreshed_after - 1ms);
    CHECK(phone.sent.size() == 1);
    phone.wait(1ms);
    CHECK(phone.sent.size() == 2);
    CHECK(phone.request().text("CSeq") == "2 REGISTER");
    phone.accept();
    CHECK(phone.all<Registration::Registered>().size() == 1);
  }
}

TEST_CASE("RFC 3261 §10.2.4: a 200 that does not show our Contact binds nothing") {
  const std::string other = ";+sip.instance=\"<urn:uuid:00000000-0000-0000-0000-000000000001>\"";
  for (const std::string& headers :
       {std::string{}, std::string{"Contact: <sip:alice@192.0.2.9>;expires=60\r\n"},
        "Contact: <sip:alice@192.0.2.7:5060>;reg-id=1;expires=60" + other + "\r\n",
        std::string{"Contact: <sip:alice@192.0.2.7:5060>;expires=0\r\n"},
        std::string{"Contact: <sip:alice@192.0.2.7:5060;expires=60\r\n"}}) {
    CAPTURE(headers);
    Phone phone(wish(1));
    phone.answer(200, headers);
    CHECK(phone.registration.binding(1) == nullptr);
    CHECK(phone.last<Registration::Failed>().why == Failure::not_bound);
  }
}

TEST_CASE("RFC 3261 §10.2.8: 423 is answered with the interval that the registrar wants") {
  Phone phone(wish(1));
  phone.answer(423, "Min-Expires: 7200\r\n");
  CHECK(phone.request().text("Expires") == "7200");
  for (const std::string& headers :
       {std::string{}, std::string{"Min-Expires: 7200\r\n"}, std::string{"Min-Expires: 60\r\n"}}) {
    Phone other(wish(1));
    other.answer(423, "Min-Expires: 7200\r\n");
    other.answer(423, headers);
    CHECK(other.last<Registration::Over>().why == Ending::interval);
    CHECK(other.registration.next_deadline() == never);
  }
}

TEST_CASE("RFC 3261 §10.2.7: what does not pass ends the registration, with its reason") {
  struct Row {
    int status;
    Ending why;
  };
  for (const Row& row :
       {Row{301, Ending::redirected}, Row{302, Ending::redirected}, Row{305, Ending::redirected},
        Row{400, Ending::refused}, Row{403, Ending::refused}, Row{404, Ending::refused},
        Row{501, Ending::refused}, Row{603, Ending::refused}, Row{401, Ending::credentials},
        Row{407, Ending::credentials}}) {
    CAPTURE(row.status);
    Phone phone(wish(1));
    phone.answer(row.status, "Contact: <sip:other.example.com>\r\n");
    CHECK(phone.last<Registration::Over>().why == row.why);
    CHECK(phone.last<Registration::Over>().status == row.status);
    CHECK(phone.all<Registration::CloseFlow>().size() == 1);
    phone.wait(24h);
    CHECK(phone.sent.size() == 1);
  }
  for (const int status : {408, 430, 480, 500, 502, 503, 504}) {
    CAPTURE(status);
    Phone phone(wish(1));
    phone.answer(status);
    phone.wait(60s);
    CHECK(phone.sent.size() == 2);
  }
}

TEST_CASE("RFC 3261 §22.1: a challenge is answered with the next CSeq, and not for ever") {
  Password password;
  Phone phone(wish(1), &password);
  CHECK_FALSE(phone.request().has("Authorization"));
  phone.answer(401);
  CHECK(phone.request().text("Authorization") == "Digest answer=1");
  CHECK(phone.request().text("CSeq") == "2 REGISTER");
  phone.accept();
  CHECK(phone.registration.binding(1) != nullptr);

  Password other;
  Phone unlucky(wish(1), &other);
  for (int i = 0; i <= registration_challenges_max; ++i) unlucky.answer(407);
  CHECK(unlucky.last<Registration::Over>().why == Ending::credentials);
  CHECK(other.asked == registration_challenges_max);

  Password wrong;
  wrong.right = false;
  Phone stranger(wish(1), &wrong);
  stranger.answer(401);
  CHECK(stranger.last<Registration::Over>().why == Ending::credentials);
  CHECK(stranger.sent.size() == 1);
}

TEST_CASE("RFC 5627 §4.2: GRUUs come with the 200, and temporary ones add up") {
  Phone phone(wish(1));
  const auto accept = [&](const std::string& temp) {
    phone.accept(";expires=600;pub-gruu=\"sip:alice@example.com;gr=1\";temp-gruu=\"sip:" + temp +
                 "@example.com;gr\"");
  };
  accept("t1");
  CHECK(phone.registration.pub_gruu() == "sip:alice@example.com;gr=1");
  phone.wait(480s);
  accept("t2");
  CHECK(phone.registration.temp_gruus() ==
        std::deque<std::string>{"sip:t1@example.com;gr", "sip:t2@example.com;gr"});
  SUBCASE("they die with the Call-ID") {
    phone.registration.renew("c2", phone.now);
    phone.settle();
    CHECK(phone.registration.temp_gruus().empty());
    CHECK(phone.request().text("Call-ID") == "c2");
    accept("t3");
    CHECK(phone.registration.temp_gruus().size() == 1);
  }
  SUBCASE("they die with the last binding") {
    phone.registration.flow_down(1, phone.now);
    CHECK(phone.registration.temp_gruus().empty());
  }
  SUBCASE("there are not too many") {
    for (std::size_t i = 0; i <= temp_gruus_max; ++i) {
      phone.wait(480s);
      accept("x" + std::to_string(i));
    }
    CHECK(phone.registration.temp_gruus().size() == temp_gruus_max);
    CHECK(phone.registration.temp_gruus().front() == "sip:x1@example.com;gr");
  }
}

TEST_CASE("RFC 5627 §4.1: a 200 to the old Call-ID brings no temporary GRUU any more") {
  Phone phone(wish(1));
  phone.registration.renew("c2", phone.now);
  phone.accept(";expires=600;temp-gruu=\"sip:t1@example.com;gr\"");
  CHECK(phone.registration.temp_gruus().empty());
  CHECK(phone.request().text("Call-ID") == "c2");
}

TEST_CASE("RFC 3608 §6.1: Service-Route is kept as it came, and goes with a 200 that has none") {
  Phone phone(wish(1));
  phone.accept(";expires=600", "Service-Route: <sip:a;lr>, <sip:b;lr>\r\n");
  CHECK(phone.registration.binding(1)->service_route ==
        std::vector<std::string>{"<sip:a;lr>", "<sip:b;lr>"});
  phone.wait(480s);
  CHECK_FALSE(phone.request().has("Route"));
  std::string many;
  for (std::size_t i = 0; i <= service_routes_max; ++i) many += "Service-Route: <sip:x;lr>\r\n";
  phone.accept(";expires=600", many);
  CHECK(phone.registration.binding(1)->service_route.empty());
  phone.wait(480s);
  phone.accept(";expires=600", "Path: <sip:p;lr>\r\n");
  CHECK(phone.registration.binding(1)->service_route.empty());
  CHECK_FALSE(phone.request().has("Path"));
}

TEST_CASE("RFC 3261 §10.2.2: bindings are removed, each over its flow, or all of them") {
  Phone phone(wish(2));
  phone.accept();
  phone.accept();
  SUBCASE("ours") {
    phone.registration.stop(phone.now);
    phone.settle();
    CHECK(phone.request().text("Expires") == "0");
    CHECK(phone.request().text("Contact").contains("reg-id=1"));
    phone.answer(200);
    CHECK(phone.request().text("Contact").contains("reg-id=2"));
    phone.answer(200);
    CHECK(phone.last<Registration::Over>().why == Ending::removed);
  }
  SUBCASE("everybody's") {
    phone.registration.remove_all(phone.now);
    phone.settle();
    CHECK(phone.request().text("Contact") == "*");
    CHECK(phone.request().text("Expires") == "0");
    phone.answer(200);
    CHECK(phone.sent.size() == 3);
    CHECK(phone.last<Registration::Over>().why == Ending::removed);
  }
  SUBCASE("nobody answers") {
    phone.registration.stop(phone.now);
    phone.settle();
    phone.time_out();
    phone.time_out();
    CHECK(phone.last<Registration::Over>().why == Ending::unreachable);
  }
  SUBCASE("refused") {
    phone.registration.remove_all(phone.now);
    phone.settle();
    phone.answer(403);
    CHECK(phone.last<Registration::Over>().why == Ending::refused);
  }
  SUBCASE("the flow breaks") {
    phone.registration.stop(phone.now);
    phone.registration.flow_down(1, phone.now);
    phone.settle();
    phone.answer(200);
    CHECK(phone.last<Registration::Over>().why == Ending::unreachable);
  }
  CHECK(phone.registration.binding(1) == nullptr);
  CHECK(phone.registration.pub_gruu().empty());
  CHECK(phone.registration.next_deadline() == never);
}

TEST_CASE("RFC 3261 §10.2.2: what a flow left behind as it broke is not called removed") {
  const auto over = [](Phone& phone) {
    phone.registration.stop(phone.now);
    phone.settle();
    return phone.all<Registration::Over>();
  };
  SUBCASE("there is no flow to remove it over") {
    Phone phone(wish(1));
    phone.accept();
    phone.registration.flow_down(1, phone.now);
    phone.settle();
    SUBCASE("and it is there yet") {}
    SUBCASE("shortly before it expires") {
      phone.flows_fail = true;
      phone.wait(3600s - 1ms);
    }
    REQUIRE(over(phone).size() == 1);
    CHECK(phone.last<Registration::Over>().why == Ending::unreachable);
    CHECK(phone.sent.size() == 1);  // nobody was told
  }
  SUBCASE("a ping had no pong") {
    Phone phone(wish(1));
    phone.silent = true;
    phone.accept();
    phone.flows_fail = true;
    phone.wait(300s);
    REQUIRE(phone.all<Registration::Failed>().front().why == Failure::no_pong);
    over(phone);
    CHECK(phone.last<Registration::Over>().why == Ending::unreachable);
  }
  SUBCASE("whether it was bound is not known") {
    Phone phone(wish(1));
    phone.flows_fail = true;
    phone.time_out();
    over(phone);
    CHECK(phone.last<Registration::Over>().why == Ending::unreachable);
  }
  SUBCASE("another Contact took its place, without an instance") {
    Phone phone(wish(1, false));
    phone.accept(";expires=3600", "");
    phone.contact = "sip:alice@192.0.2.8:5060";
    phone.registration.flow_down(1, phone.now);
    phone.wait(60s);
    phone.accept(";expires=3600", "");
    over(phone);
    phone.answer(200);
    CHECK(phone.last<Registration::Over>().why == Ending::unreachable);
  }
}

TEST_CASE(
    "RFC 3261 §10.2.2: what a broken flow left behind is gone when it is replaced or expires") {
  Phone phone(wish(1));
  phone.accept();
  phone.contact = "sip:alice@192.0.2.8:5060";
  phone.flows_fail = true;
  phone.registration.flow_down(1, phone.now);
  phone.settle();
  SUBCASE("under its reg-id") {
    phone.flows_fail = false;
    phone.wait(60s);
    phone.accept();
    phone.registration.stop(phone.now);
    phone.settle();
    CHECK(phone.request().text("Expires") == "0");
    phone.answer(200);
  }
  SUBCASE("with everybody's") {
    phone.flows_fail = false;
    phone.wait(60s);
    phone.answer(503);
    phone.registration.remove_all(phone.now);
    phone.settle();
    phone.answer(200);
  }
  SUBCASE("by time") {
    phone.wait(3600s);
    phone.registration.stop(phone.now);
    phone.settle();
  }
  REQUIRE(phone.all<Registration::Over>().size() == 1);
  CHECK(phone.last<Registration::Over>().why == Ending::removed);
}

TEST_CASE("RFC 3261 §10.2.3: a REGISTER without Contact asks what is bound") {
  Phone phone(wish(1));
  phone.accept();
  phone.registration.fetch(phone.now);
  phone.settle();
  CHECK_FALSE(phone.request().has("Contact"));
  CHECK_FALSE(phone.request().has("Expires"));
  SUBCASE("and is told") {
    phone.answer(200, "Contact: <sip:a@192.0.2.1>;expires=5, <sip:a@192.0.2.2>;expires=6\r\n");
    REQUIRE(phone.last<Registration::Bindings>().contacts);
    CHECK(phone.last<Registration::Bindings>().contacts->size() == 2);
  }
  SUBCASE("and is refused") {
    phone.answer(403);
    CHECK_FALSE(phone.last<Registration::Bindings>().contacts);
  }
  SUBCASE("and is told nonsense") {
    phone.answer(200, "Contact: <sip:a@192.0.2.1\r\n");
    CHECK_FALSE(phone.last<Registration::Bindings>().contacts);
  }
  CHECK(phone.registration.binding(1) != nullptr);
}

TEST_CASE("RFC 3261 §8.1.3: a response to another request, or a provisional one, is nothing") {
  Phone phone(wish(1));
  phone.answer(100);
  phone.answer(200, "");  // no Contact: the try failed
  REQUIRE(phone.registration.binding(1) == nullptr);
  phone.wait(60s);
  REQUIRE(phone.sent.size() == 2);
  sip::Message late = sip::Message::response(phone.sent[0].request, 403);
  late.set_body({}, {});
  phone.registration.answered(late, phone.now);
  phone.registration.not_answered(phone.sent[0].sequence, phone.now);
  phone.settle();
  CHECK(phone.all<Registration::Over>().empty());
  phone.accept();
  CHECK(phone.registration.binding(1) != nullptr);
}

}  // namespace
}  // namespace kith::ua
