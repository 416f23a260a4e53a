// Methods that make dialogs because the settings say so, and those that cannot.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "kith/ua/settings.h"
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
  for (const std::vector<std::string>& methods :
       std::vector<std::vector<std::string>>{{}, {"MESSAGE"}, {"FLY", "fly"}, {"PUBLISH", "X-1"}})
    CHECK(check(with_dialogs(methods)));
  for (const std::vector<std::string>& methods :
       std::vector<std::vector<std::string>>{{"FLY", "INVITE"},
                                             {"SUBSCRIBE"},
                                             {"REFER"},
                                             {"ACK"},
                                             {"BYE"},
                                             {"CANCEL"},
                                             {"NOTIFY"},
                                             {"OPTIONS"},
                                             {"PRACK"},
                                             {"UPDATE"},
                                             {"INFO"},
                                             {"REGISTER"},
                                             {"FLY", "SWIM", "FLY"},
                                             {""},
                                             {"FLY SWIM"},
                                             {"FLY,SWIM"},
                                             {"FLY\r\n"}}) {
    CAPTURE(methods.size());
    CAPTURE(methods.front());
    CHECK(check(with_dialogs(methods)).error() ==
          Error{Fault::malformed, "UserAgentConfig::dialog_methods"});
  }
}

}  // namespace
}  // namespace kith::ua
