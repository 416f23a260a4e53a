// NOTIFYs that belong to a subscription, and those that do not.

#include <doctest/doctest.h>

#include <string>

#include "kith/ua/testing/two_parties.h"

namespace kith::ua {
namespace {

using testing::TwoParties;

constexpr std::string_view presence = "Event: presence\r\nSubscription-State: active\r\n";

/// Alice has subscribed, and the 2xx was there before any NOTIFY.
struct Subscribed : TwoParties {
  explicit Subscribed(const UserAgentConfig& config = {}) : TwoParties(config) {
    ask("SUBSCRIBE", "Event: presence\r\nExpires: 600\r\n");
    answer(401);
    ask("SUBSCRIBE", "Event: presence\r\nExpires: 600\r\n", 2);
    answer(200, {{"Expires", "600"}});
    REQUIRE(alice.agent.counts().dialogs == 1);
  }
};

TEST_CASE("RFC 6665 §5.4.9: a NOTIFY of another than who sent the 2xx is refused") {
  Subscribed line;
  line.is_asked(line.alice, "NOTIFY", "x", "a1", 1, presence);
  CHECK(line.sent_last(line.alice, "SIP/2.0 481"));
  CHECK(line.alice.agent.counts().dialogs == 1);
  CHECK(line.alice.all<Request>().empty());
  const std::string tag = line.alice.agent.dialog(line.alices())->remote_tag();
  line.is_asked(line.alice, "NOTIFY", tag, "a1", 1, presence);
  CHECK(line.alice.last<Request>().dialog == line.alices());
}

TEST_CASE("RFC 6665 §4.4.1: a package that may fork takes a NOTIFY of another, too") {
  UserAgentConfig config;
  config.forkable = {"presence"};
  Subscribed line(config);
  line.is_asked(line.alice, "NOTIFY", "x", "a1", 1, presence);
  CHECK(line.alice.agent.counts().dialogs == 2);
  CHECK(line.alice.all<Request>().size() == 1);
}

/// A call, in which bob sends NOTIFYs.
struct Notifies : TwoParties {
  explicit Notifies(const UserAgentConfig& config = {}) : TwoParties(config), id(establish()) {}

  /// Whether it is passed up.
  bool notified(std::string_view event, std::string_view state = "active") {
    const std::size_t before = alice.all<Request>().size();
    REQUIRE(send(bob, bobs(), "NOTIFY", {{"Event", event}, {"Subscription-State", state}}));
    const bool passed_up = alice.all<Request>().size() > before;
    if (passed_up) {
      answer(alice, 200);
    } else {
      CHECK(status_of_last(bob) == 481);
    }
    return passed_up;
  }
  void refer() {
    REQUIRE(send(alice, id, "REFER", {{"Refer-To", "<sip:carol@127.0.0.1>"}}));
    answer(202);
  }
  DialogId id;
};

TEST_CASE("RFC 6665 §4.1.3: in a dialog, too, a NOTIFY without a subscription is answered 481") {
  Notifies line;
  CHECK_FALSE(line.notified("dialog"));
  CHECK(line.alice.agent.dialog(line.id) != nullptr);
  REQUIRE(line.send(line.alice, line.id, "SUBSCRIBE", {{"Event", "dialog"}, {"Expires", "600"}}));
  const Request subscribe = line.bob.last<Request>();
  CHECK(line.notified("dialog"));  // it overtakes the 2xx
  CHECK_FALSE(line.notified("presence"));
  CHECK_FALSE(line.notified("dialog;id=2"));
  REQUIRE(line.bob.agent.respond(subscribe.transaction,
                                 line.response_to(subscribe, 200, {{"Expires", "600"}}), line.now));
  line.settle();
  CHECK(line.notified("dialog"));
  CHECK_FALSE(line.notified("presence"));
  CHECK(line.notified("dialog", "terminated"));
  CHECK_FALSE(line.notified("dialog"));
}

TEST_CASE("RFC 6665 §4.1.3: a SUBSCRIBE that was refused is no subscription") {
  Notifies line;
  REQUIRE(line.send(line.alice, line.id, "SUBSCRIBE", {{"Event", "dialog"}, {"Expires", "600"}}));
  line.answer(403);
  CHECK_FALSE(line.notified("dialog"));
}

TEST_CASE("RFC 5057 §5.1: a NOTIFY that is answered 481 or 489 ends its subscription, no other") {
  for (const auto& [status, ends] :
       {std::pair{481, true}, {489, true}, {400, false}, {500, false}}) {
    CAPTURE(status);
    TwoParties line;
    line.ask("SUBSCRIBE", "Event: presence\r\nExpires: 600\r\n");
    line.answer(200, {{"Expires", "600"}});
    const DialogId theirs = *line.bob.agent.find([&] {
      sip::Join join;
      join.call_id = "c1";
      join.params.set("to-tag", line.alice.agent.dialog(line.alices())->remote_tag());
      join.params.set("from-tag", "a1");
      return join;
    }());
    REQUIRE(line.send(line.bob, theirs, "NOTIFY",
                      {{"Event", "presence"}, {"Subscription-State", "active"}}));
    line.answer(line.alice, status);
    CHECK((line.bob.agent.dialog(theirs) == nullptr) == ends);
    CHECK(line.bob.all<DialogEnded>().size() == (ends ? 1U : 0U));
    if (ends) CHECK(line.bob.last<DialogEnded>().why == DialogEnding::gone);
    line.wait(24h);
    CHECK(line.bob.agent.counts() == AgentCounts{});
  }
}

TEST_CASE(
    "RFC 5057 §5.1: a NOTIFY that is answered 481 leaves the call, and what else is told of") {
  Notifies line;
  for (const std::string_view event : {"dialog", "presence"}) {
    REQUIRE(line.send(line.alice, line.id, "SUBSCRIBE", {{"Event", event}, {"Expires", "600"}}));
    line.answer(200, {{"Expires", "600"}});
  }
  const DialogId theirs = line.bobs();
  REQUIRE(line.send(line.bob, theirs, "NOTIFY",
                    {{"Event", "dialog"}, {"Subscription-State", "active"}}));
  line.answer(line.alice, 481);
  CHECK(line.bob.agent.dialog(theirs) != nullptr);
  REQUIRE(line.send(line.bob, theirs, "BYE"));
  line.answer(line.alice, 200);
  REQUIRE(line.bob.agent.dialog(theirs) != nullptr);
  REQUIRE(line.send(line.bob, theirs, "NOTIFY",
                    {{"Event", "presence"}, {"Subscription-State", "active"}}));
  line.answer(line.alice, 481);
  CHECK(line.bob.agent.dialog(theirs) == nullptr);
}

TEST_CASE("RFC 6665 §4.1.3: where it is asked for, a NOTIFY without a subscription is passed up") {
  UserAgentConfig config;
  config.answers.unsolicited = false;
  Notifies line(config);
  CHECK(line.notified("dialog"));
}

TEST_CASE("RFC 3515 §2.4.6: of two REFERs in a dialog each is told of until its own end") {
  Notifies line;
  CHECK_FALSE(line.notified("refer"));
  line.refer();
  line.refer();
  CHECK(line.notified("refer"));
  CHECK(line.notified("refer", "terminated;reason=noresource"));
  CHECK(line.notified("refer;id=3"));
  CHECK(line.notified("refer;id=3", "terminated;reason=noresource"));
  CHECK_FALSE(line.notified("refer"));
}

TEST_CASE("RFC 3515 §2.4.6: the end of what one REFER brought about is not that of another's") {
  Notifies line;
  const DialogId theirs = line.bobs();
  line.refer();
  line.refer();
  line.refer();
  CHECK(line.notified("refer;id=3", "terminated;reason=noresource"));
  CHECK_FALSE(line.notified("refer;id=3"));
  CHECK_FALSE(line.notified("refer;id=5"));
  CHECK(line.notified("refer"));  // the first, which may say so, too
  CHECK(line.notified("refer;id=2", "terminated;reason=noresource"));
  CHECK_FALSE(line.notified("refer"));  // the third may not
  REQUIRE(line.send(line.alice, line.id, "BYE"));
  line.answer(200);
  CHECK(line.alice.agent.dialog(line.id) != nullptr);
  CHECK(line.bob.agent.dialog(theirs) != nullptr);
  CHECK(line.alice.all<DialogEnded>().empty());
}

TEST_CASE("RFC 5057 §4.1: a dialog ends with the last of its REFERs, on both sides") {
  Notifies line;
  const DialogId theirs = line.bobs();
  line.refer();
  line.refer();
  REQUIRE(line.send(line.alice, line.id, "BYE"));
  line.answer(200);
  for (const auto& [event, stays] : {std::pair{"refer", true}, {"refer;id=3", false}}) {
    CAPTURE(event);
    REQUIRE(line.send(line.bob, theirs, "NOTIFY",
                      {{"Event", event}, {"Subscription-State", "terminated"}}));
    line.answer(line.alice, 200);
    CHECK((line.alice.agent.dialog(line.id) != nullptr) == stays);
    CHECK((line.bob.agent.dialog(theirs) != nullptr) == stays);
  }
  line.nothing_is_left();
}

TEST_CASE("RFC 3515 §2.4.6: REFERs of both sides with the same number are two things") {
  Notifies line;
  line.refer();
  REQUIRE(line.send(line.bob, line.bobs(), "INFO"));
  line.answer(line.alice, 200);
  REQUIRE(line.send(line.bob, line.bobs(), "REFER", {{"Refer-To", "<sip:dan@127.0.0.1>"}}));
  REQUIRE(line.alice.last<Request>().message.text("CSeq") == "2 REFER");
  line.answer(line.alice, 202);
  REQUIRE(line.send(line.alice, line.id, "NOTIFY",
                    {{"Event", "refer;id=2"}, {"Subscription-State", "terminated"}}));
  REQUIRE(line.bob.last<Request>().message.method() == "NOTIFY");
  line.answer(200);
  CHECK(line.notified("refer;id=2", "terminated"));
  CHECK_FALSE(line.notified("refer;id=2"));
}

TEST_CASE("RFC 3515 §2.4.6: a REFER that was refused is not the first") {
  Notifies line;
  REQUIRE(line.send(line.alice, line.id, "REFER", {{"Refer-To", "<sip:carol@127.0.0.1>"}}));
  CHECK(line.notified("refer"));  // it overtakes the answer
  line.answer(401);
  CHECK_FALSE(line.notified("refer"));
  line.refer();
  CHECK_FALSE(line.notified("refer;id=2"));
  CHECK(line.notified("refer"));
  CHECK(line.notified("refer;id=3", "terminated"));
  CHECK_FALSE(line.notified("refer"));
}

TEST_CASE("RFC 3515 §2.4.6: outside of dialogs, too, a NOTIFY is of the REFER that it names") {
  struct Row {
    std::string_view event;
    bool is_told;
  };
  for (const Row& row : {Row{"refer", true}, Row{"refer;id=2", true}, Row{"refer;id=3", false},
                         Row{"dialog", false}, Row{"referring", false}}) {
    CAPTURE(row.event);
    TwoParties line;
    for (const std::uint32_t sequence : {1U, 2U}) {
      line.ask("REFER", "Refer-To: <sip:carol@127.0.0.1>\r\n", sequence);
      if (sequence == 1) line.answer(401);
    }
    const auto notify = [&](std::uint32_t sequence, std::string_view event,
                            std::string_view state) {
      const std::size_t before = line.alice.all<Request>().size();
      line.is_asked(line.alice, "NOTIFY", "b1", "a1", sequence,
                    "Event: " + std::string{event} +
                        "\r\nSubscription-State: " + std::string{state} + "\r\n");
      if (line.alice.all<Request>().size() > before) line.answer(line.alice, 200);
    };
    notify(1, row.event, "active");
    CHECK(line.alice.all<Request>().size() == (row.is_told ? 1U : 0U));
    const Request refer = line.bob.last<Request>();
    sip::Message accepted = line.response_to(refer, 202);
    accepted.set_to_tag("b1");
    REQUIRE(line.bob.agent.respond(refer.transaction, std::move(accepted), line.now));
    line.settle();
    CHECK(line.alice.agent.counts().dialogs == 1);
    notify(2, "refer", "terminated");
    CHECK(line.alice.agent.counts().dialogs == 0);
  }
}

TEST_CASE("RFC 3515 §2.4.4: a REFER whose NOTIFY made the dialog ends with one") {
  TwoParties line;
  line.ask("REFER", "Refer-To: <sip:carol@127.0.0.1>\r\n");
  const Request refer = line.bob.last<Request>();
  line.is_asked(line.alice, "NOTIFY", "b1", "a1", 1,
                "Event: refer\r\nSubscription-State: active\r\n");
  line.answer(line.alice, 200);
  sip::Message accepted = line.response_to(refer, 202);
  accepted.set_to_tag("b1");
  REQUIRE(line.bob.agent.respond(refer.transaction, std::move(accepted), line.now));
  line.settle();
  REQUIRE(line.alice.agent.counts().dialogs == 1);
  line.is_asked(line.alice, "NOTIFY", "b1", "a1", 2,
                "Event: refer\r\nSubscription-State: terminated\r\n");
  line.answer(line.alice, 200);
  CHECK(line.alice.agent.counts().dialogs == 0);
}

}  // namespace
}  // namespace kith::ua
