// Methods that make dialogs because the settings say so, and those that cannot.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "kith/ua/testing/two_parties.h"

namespace kith::ua {
namespace {

using testing::TwoParties;

UserAgentConfig with_dialogs(std::vector<std::string> methods) {
  UserAgentConfig config;
  config.dialog_methods = std::move(methods);
  return config;
}

TEST_CASE("RFC 3261 §12.1: a method that is said to make dialogs makes one on both sides") {
  const UserAgentConfig config = with_dialogs({"FLY"});
  TwoParties line(config, config);
  line.ask("FLY");
  line.answer(200);
  REQUIRE(line.alice.last<Response>().dialog);
  CHECK(line.alice.agent.dialog(line.alices())->state() == dialog::State::confirmed);
  CHECK(line.bob.agent.counts().dialogs == 1);
  REQUIRE(line.send(line.alice, line.alices(), "INFO"));
  CHECK(line.bob.last<Request>().dialog.has_value());
}

TEST_CASE("RFC 3261 §12.1: a method that nobody has said it of makes no dialog") {
  TwoParties line(with_dialogs({"fly"}), with_dialogs({"FLYING"}));
  line.ask("FLY");
  line.answer(200);
  CHECK_FALSE(line.alice.last<Response>().dialog);
  CHECK(line.alice.agent.counts().dialogs == 0);
  CHECK(line.bob.agent.counts().dialogs == 0);
}

TEST_CASE("RFC 3261 §8.1.1.8: who would begin a dialog by such a method needs a Contact, too") {
  TwoParties line({}, with_dialogs({"FLY"}));
  sip::Message fly = testing::to_bob("FLY");
  fly.remove("Contact");
  line.alice.agent.request(line.alice.flow, std::move(fly), line.now);
  line.settle();
  CHECK(status_of_last(line.alice) == 400);
  CHECK(line.bob.all<Request>().empty());
}

TEST_CASE("RFC 3261 §12.1: names that cannot be methods which make dialogs are refused") {
  struct Row {
    std::vector<std::string> methods;
    std::optional<Fault> fault;
  };
  using enum Fault;
  for (const Row& row : {Row{{}, {}},
                         Row{{"MESSAGE"}, {}},
                         Row{{"FLY", "fly"}, {}},
                         Row{{"PUBLISH", "X-1"}, {}},
                         Row{{"FLY", "INVITE"}, forbidden},
                         Row{{"SUBSCRIBE"}, forbidden},
                         Row{{"REFER"}, forbidden},
                         Row{{"ACK"}, forbidden},
                         Row{{"BYE"}, forbidden},
                         Row{{"CANCEL"}, forbidden},
                         Row{{"NOTIFY"}, forbidden},
                         Row{{"OPTIONS"}, forbidden},
                         Row{{"PRACK"}, forbidden},
                         Row{{"UPDATE"}, forbidden},
                         Row{{"INFO"}, forbidden},
                         Row{{"REGISTER"}, forbidden},
                         Row{{"FLY", "SWIM", "FLY"}, duplicate},
                         Row{{""}, malformed},
                         Row{{"FLY SWIM"}, malformed},
                         Row{{"FLY,SWIM"}, malformed},
                         Row{{"FLY\r\n"}, malformed}}) {
    CAPTURE(row.methods.size());
    if (!row.methods.empty()) CAPTURE(row.methods.front());
    const std::optional<Error> error = contradiction(with_dialogs(row.methods));
    CHECK(error.has_value() == row.fault.has_value());
    if (error) CHECK(*error == Error{*row.fault, "dialog_methods"});
  }
}

}  // namespace
}  // namespace kith::ua
