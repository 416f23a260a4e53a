#include "kith/client/session.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "kith/client/limits.h"
#include "kith/client/testing/fake_server.h"
#include "kith/sip/header/from.h"
#include "kith/sip/header/supported.h"

using namespace kith;
using namespace kith::client;

namespace {

enum class With { kerberos, ntlm, digest };

Settings settings(With with, std::string_view password = "wonder") {
  Settings settings;
  settings.user = sip::Uri::parse("sip:alice@example.com").value();
  settings.epid = "01010101";
  settings.trace = true;
  settings.login.kerberos = with == With::kerberos;
  settings.login.ntlm = with == With::ntlm;
  if (with != With::kerberos) {
    settings.login.username = "alice";
    settings.login.password = crypto::Secret(std::string(password));
  }
  return settings;
}

auth::Realm realm(With with) {
  return {.fqdn = "lcs.example.com", .ntlm = with == With::ntlm, .domain = "example.com"};
}

/// A session and its server, with a wire between them that takes no time.
struct Play {
  Time now{Duration{1'700'000'000s}};
  SeededRandom random{7};
  testing::FakeServer server;
  auth::testing::HmacInitiator initiator{"alice@EXAMPLE.COM", random};
  Session session;
  std::vector<client::Event> events{};
  std::vector<std::string> targets{};
  bool has_ticket = true;
  bool wire = true;
  int keep_alives = 0;
  bool is_closed = false;

  explicit Play(With with = With::kerberos, std::string_view password = "wonder")
      : server(random, realm(with)), session(settings(with, password), random) {}

  Flow flow{.id = 1,
            .transport = Transport::tcp,
            .local = Address::v4(192, 0, 2, 21, 14010),
            .remote = Address::v4(192, 0, 2, 5, 5060)};

  Play& start() {
    session.start(flow, now);
    run();
    return *this;
  }
  Play& watching() {
    start();
    session.watch_contacts(now);
    run();
    return *this;
  }
  void run() {
    for (bool busy = true; busy;) {
      busy = false;
      while (std::optional<Output> output = session.poll()) {
        busy = true;
        std::visit(Overloaded{
                       [&](const ua::Send& send) {
                         if (send.bytes == "\r\n\r\n")
                           ++keep_alives;
                         else if (wire)
                           server.take(send.bytes, now);
                       },
                       [&](const ua::Close&) { is_closed = true; },
                       [&](const Initiate& job) {
                         targets.push_back(job.targetname);
                         if (has_ticket)
                           session.initiated(initiator.initiate(job.targetname), now);
                         else
                           session.initiated(std::unexpected(auth::InitiateFailure{
                                                 .detail = "there is no ticket: run kinit"}),
                                             now);
                       },
                       [&](client::Event& event) { events.push_back(std::move(event)); },
                   },
                   *output);
      }
      while (!server.sent.empty()) {
        busy = true;
        const std::string bytes = std::exchange(server.sent.front(), {});
        server.sent.pop_front();
        session.receive(bytes, now);
      }
    }
  }
  void advance(Duration by) {
    const Time end = now + by;
    while (session.next_deadline() <= end) {
      now = std::max(now, session.next_deadline());
      session.tick(now);
      run();
    }
    now = end;
    session.tick(now);
    run();
  }
  OperationId submit(Operation operation) {
    const OperationId id = session.submit(std::move(operation), now);
    run();
    return id;
  }

  template <class Wanted>
  std::vector<Wanted> all() const {
    std::vector<Wanted> found;
    for (const client::Event& event : events)
      if (const auto* wanted = std::get_if<Wanted>(&event)) found.push_back(*wanted);
    return found;
  }
  std::vector<sip::Message> requests(std::string_view method) const {
    std::vector<sip::Message> found;
    for (const sip::Message& message : server.received)
      if (message.method() == method) found.push_back(message);
    return found;
  }
};

AddContact add(std::string uri, std::string name = "Bob") {
  return AddContact{.contact = {.uri = std::move(uri),
                                .name = std::move(name),
                                .groups = {},
                                .external_uri = {},
                                .extension = {}}};
}

const std::string bob = "sip:bob@example.com";

}  // namespace

TEST_CASE("SIP-AUTH-07, SIP-AUTH-10, SIP-AUTH-11: REGISTER without credentials, then the ticket") {
  Play play;
  play.start();
  const auto registers = play.requests("REGISTER");
  REQUIRE(registers.size() == 2);
  CHECK_FALSE(registers[0].has("Authorization"));
  CHECK(registers[0].text("CSeq") == "1 REGISTER");
  CHECK(registers[1].text("CSeq") == "2 REGISTER");
  CHECK(registers[1].text("Call-ID") == registers[0].text("Call-ID"));
  CHECK(registers[1].text("From") == registers[0].text("From"));
  CHECK(registers[1].text("Authorization").contains("gssapi-data=\""));
  CHECK(registers[1].text("Authorization").contains("targetname=\"sip/lcs.example.com\""));
  CHECK(play.targets == std::vector<std::string>{"sip/lcs.example.com"});
  REQUIRE(play.all<SignedIn>().size() == 1);
  CHECK(play.all<SignedIn>()[0].scheme == "Kerberos");
  CHECK(play.all<SignedIn>()[0].granted.expires == 1200s);
}

TEST_CASE("SIP-AUTH-49: with version 4 the REGISTER with the ticket is signed, cnum 1") {
  Play play;
  play.start();
  const auto registers = play.requests("REGISTER");
  REQUIRE(registers.size() == 2);
  CHECK(registers[1].text("Authorization").contains("cnum=\"1\""));
  CHECK(registers[1].text("Authorization").contains("version=4"));
}

TEST_CASE(
    "SIP-AUTH-16, SIP-AUTH-20, SIP-AUTH-27, SIP-AUTH-30, SIP-AUTH-31: what is sent is signed") {
  Play play;
  play.watching();
  play.submit(add(bob));
  int cnum = 0;
  for (const sip::Message& message : play.server.received) {
    CHECK(message.get<sip::From>().value()->epid() == "01010101");
    if (message.text("CSeq") == "1 REGISTER") continue;
    const std::string_view value = message.text("Authorization");
    CHECK(value.contains("cnum=\"" + std::to_string(++cnum) + "\""));
    const std::size_t crand = value.find("crand=\"");
    REQUIRE(crand != std::string_view::npos);
    CHECK(from_hex(value.substr(crand + 7, 8)));
    CHECK(value.contains("response=\""));
  }
  CHECK(cnum == 3);
}

TEST_CASE("SIP-REG-05, SIP-TRAN-06, SIP-TRAN-07, SIP-TRAN-15: what REGISTER says") {
  Play play;
  play.server.register_headers =
      "Expires: 1200\r\nms-keep-alive: UAS; tcp=no; hop-hop=yes; end-end=no; timeout=300\r\n"
      "Allow-Events: vnd-microsoft-roaming-contacts,presence\r\n";
  play.start();
  const sip::Message first = play.requests("REGISTER").front();
  CHECK(first.request_uri() == "sip:example.com");
  CHECK(first.text("Event") == "registration");
  CHECK(first.text("ms-keep-alive") == "UAC;hop-hop=yes");
  CHECK(first.text("Contact") ==
        "<sip:alice@192.0.2.21:14010;maddr=192.0.2.21;transport=tcp>;proxy=replace;"
        "+sip.instance=\"<urn:uuid:4b1682a8-f968-5701-83fc-7c6741dc6697>\"");
  CHECK_FALSE(first.has("Expires"));
  const Granted granted = play.all<SignedIn>().at(0).granted;
  CHECK(granted.keep_alive == 300s);
  CHECK(granted.events == std::vector<std::string>{"vnd-microsoft-roaming-contacts", "presence"});
  play.advance(299s);
  CHECK(play.keep_alives == 0);
  play.advance(1s);
  CHECK(play.keep_alives == 1);
  play.advance(600s);
  CHECK(play.keep_alives == 3);
}

TEST_CASE("SIP-REG-01: REGISTER says com.microsoft.msrtc.presence, first and refreshed") {
  Play play;
  play.server.register_headers = "Expires: 1200\r\n";
  play.start();
  play.advance(1200s);
  const auto registers = play.requests("REGISTER");
  REQUIRE(registers.size() == 3);
  for (const sip::Message& each : registers)
    CHECK(sip::lists<sip::Supported>(each, "com.microsoft.msrtc.presence"));
}

TEST_CASE("SIP-TRAN-15: without an answer to ms-keep-alive there are no keep-alives") {
  Play play;
  play.start();
  play.advance(1000s);
  CHECK(play.keep_alives == 0);
}

TEST_CASE("SIP-AUTH-08, SIP-AUTH-20: NTLM in three requests, then everything is signed both ways") {
  Play play(With::ntlm);
  play.watching();
  REQUIRE(play.all<SignedIn>().size() == 1);
  CHECK(play.all<SignedIn>()[0].scheme == "NTLM");
  CHECK(play.targets.empty());
  const auto registers = play.requests("REGISTER");
  REQUIRE(registers.size() == 3);
  CHECK(registers[1].text("Authorization").contains("gssapi-data=\"\""));
  CHECK(registers[2].text("Authorization").contains("cnum=\"1\""));
  play.submit(add(bob));
  CHECK(play.all<OperationDone>().size() == 1);
  CHECK(play.requests("SERVICE")[0].text("Authorization").starts_with("NTLM qop="));
  // SIP-AUTH-46: as with Kerberos, a server that forgets it is signed in at again.
  play.server.forget();
  play.server.register_headers = "Expires: 1200\r\n";
  play.submit(RemoveContact{.uri = bob});
  CHECK(play.all<OperationDone>().size() == 2);
  CHECK(play.all<Failed>().empty());
}

TEST_CASE("a wrong password is tried with NTLM, then with Digest, then no more") {
  Play wrong(With::ntlm, "guess");
  wrong.start();
  REQUIRE(wrong.all<Failed>().size() == 1);
  CHECK(wrong.all<Failed>()[0].sentence == "the server refused the user name or the password");
  const auto registers = wrong.requests("REGISTER");
  CHECK(registers.back().text("Authorization").starts_with("Digest"));
}

TEST_CASE("SIP-AUTH-03: Digest, from 401 and from 407") {
  Play play(With::digest);
  play.watching();
  play.submit(add(bob));
  CHECK(play.all<SignedIn>().at(0).scheme == "Digest");
  CHECK(play.targets.empty());
  CHECK(play.all<OperationDone>().size() == 1);
  CHECK(play.server.list.contact(bob) != nullptr);

  Play proxy(With::digest);
  int challenges = 0;
  proxy.server.script = [&](const sip::Message& request) {
    return request.method() == "SERVICE" && ++challenges == 1 ? 407 : 0;
  };
  proxy.server.script_headers =
      "Proxy-Authenticate: Digest realm=\"proxy\", nonce=\"n\", qop=\"auth\"\r\n";
  proxy.watching();
  proxy.submit(add(bob));
  const auto services = proxy.requests("SERVICE");
  REQUIRE(services.size() >= 2);
  CHECK(services[1].text("Proxy-Authorization").contains("realm=\"proxy\""));
  CHECK(services[1].text("CSeq") == "2 SERVICE");
  CHECK(services[1].text("Call-ID") == services[0].text("Call-ID"));
}

TEST_CASE("A wrong password, and no ticket, end the session with a sentence") {
  Play wrong(With::digest, "guess");
  wrong.start();
  REQUIRE(wrong.all<Failed>().size() == 1);
  CHECK(wrong.all<Failed>()[0].cause == Failed::Cause::refused);
  CHECK(wrong.all<Failed>()[0].sentence.contains("password"));
  CHECK(wrong.is_closed);
  CHECK(wrong.session.next_deadline() == never);

  Play none;
  none.has_ticket = false;
  none.start();
  REQUIRE(none.all<Failed>().size() == 1);
  CHECK(none.all<Failed>()[0].sentence.contains("kinit"));
}

TEST_CASE("A server that challenges again and again is left after challenges_max") {
  Play play(With::digest);
  play.server.script = [](const sip::Message&) { return 401; };
  play.server.script_headers =
      "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\", stale=TRUE\r\n";
  play.start();
  CHECK(play.requests("REGISTER").size() == 1 + challenges_max);
  REQUIRE(play.all<Failed>().size() == 1);
  CHECK(play.all<Failed>()[0].sentence.contains("again and again"));
}

TEST_CASE("A server that never sends the list is left after readings_max") {
  Play play;
  play.server.script = [](const sip::Message& request) {
    return request.method() == "SUBSCRIBE" ? 200 : 0;
  };
  play.server.script_headers =
      "Expires: 600\r\nContact: <sip:lcs.example.com:5060;transport=tcp>\r\n";
  play.watching();
  for (int i = 0; i < readings_max; ++i) {
    play.advance(list_patience);
    CHECK(play.all<Failed>().empty());
  }
  CHECK(play.requests("SUBSCRIBE").size() == 1 + readings_max);
  play.advance(list_patience);
  REQUIRE(play.all<Failed>().size() == 1);
  CHECK(play.all<Failed>()[0].sentence.contains("does not send the contact list"));
}

TEST_CASE("SIP-AUTH-32, SIP-AUTH-36, SIP-AUTH-45: what is not signed by the server is discarded") {
  for (const std::string_view how : {"forged", "other realm", "unsigned", "replayed"}) {
    CAPTURE(how);
    Play play;
    play.watching();
    std::string last;
    play.server.tamper = [&](std::string& bytes) {
      if (how == "forged") bytes.replace(bytes.find("rspauth=\"") + 9, 4, "0000");
      if (how == "other realm") bytes.replace(bytes.find("realm=\"SIP") + 7, 3, "TIP");
      if (how == "unsigned")
        bytes.erase(bytes.find("Authentication-Info"),
                    bytes.find("\r\n", bytes.find("Authentication-Info")) + 2 -
                        bytes.find("Authentication-Info"));
      last = bytes;
    };
    contacts::List changed = play.server.list;
    const contacts::Delta delta = changed.set_contact(add(bob).contact).value();
    play.server.change(delta, play.now);
    play.run();
    if (how == "replayed") {
      CHECK(play.all<ListChanged>().size() == 2);
      // A BENOTIFY with another branch is no retransmission, and its number is used up.
      last.replace(last.find("branch=z9hG4bK") + 14, 1, "X");
      play.session.receive(last, play.now);
      play.run();
      CHECK(play.all<ListChanged>().size() == 2);
    } else {
      CHECK(play.all<ListChanged>().size() == 1);
    }
    CHECK(play.all<client::Notice>().size() == 1);
  }
}

TEST_CASE("SIP-AUTH-32: a forged answer counts as none") {
  Play play;
  play.watching();
  play.server.notify_after_change = false;
  play.server.tamper = [](std::string& bytes) {
    if (bytes.contains("SERVICE")) bytes.replace(bytes.find("rspauth=\"") + 9, 4, "0000");
  };
  play.submit(add(bob));
  CHECK(play.all<OperationDone>().empty());
  play.advance(33s);
  REQUIRE(play.all<OperationFailed>().size() == 1);
  CHECK(play.all<OperationFailed>()[0].status == 408);
  CHECK(play.session.list()->contact(bob) != nullptr);  // the list was read again
}

TEST_CASE("SIP-AUTH-46: before the association ends, it signs in with a new one") {
  Play play;
  play.server.register_headers = "Expires: 86400\r\n";
  play.start();
  play.advance(8h - 6min);
  CHECK(play.requests("REGISTER").size() == 2);
  play.advance(2min);
  const auto registers = play.requests("REGISTER");
  REQUIRE(registers.size() == 4);
  CHECK_FALSE(registers[2].has("Authorization"));
  CHECK(registers[3].text("Authorization").contains("gssapi-data"));
  CHECK(play.all<SignedIn>().size() == 1);
  CHECK(play.session.signed_in());
}

TEST_CASE("SIP-REG-08: it registers again before what was granted ends") {
  Play play;
  play.start();
  play.server.register_headers = "Expires: 1200\r\n";
  play.advance(1169s);
  CHECK(play.requests("REGISTER").size() == 2);
  play.advance(1s);
  CHECK(play.requests("REGISTER").size() == 3);
  play.server.register_headers = "Expires: 10\r\n";
  play.advance(1170s);
  CHECK(play.requests("REGISTER").size() == 4);
  play.advance(5s);
  CHECK(play.requests("REGISTER").size() == 5);
}

TEST_CASE("SIP-REG-09: a refresh that makes a new binding ends everything, and it starts anew") {
  for (const std::string_view action : {"added", "fixed"}) {
    CAPTURE(action);
    Play play;
    play.watching();
    const std::string first = std::string(play.requests("SUBSCRIBE").at(0).text("Call-ID"));
    play.server.register_headers =
        "Expires: 1200\r\npresence-state: register-action=\"" + std::string(action) + "\"\r\n";
    play.advance(1170s);
    CHECK(play.all<SignedIn>().size() == 2);
    CHECK(play.requests("SUBSCRIBE").back().text("Call-ID") != first);
    CHECK(play.requests("SUBSCRIBE").back().text("CSeq") == "1 SUBSCRIBE");
    const auto registers = play.requests("REGISTER");
    CHECK_FALSE(registers.at(registers.size() - 2).has("Authorization"));
  }
}

TEST_CASE("SIP-REG-15, SIP-CONT-01: it subscribes only once it is registered") {
  Play play;
  play.session.watch_contacts(play.now);
  play.submit(add(bob));
  CHECK(play.server.received.empty());
  play.start();
  const sip::Message subscribe = play.requests("SUBSCRIBE").at(0);
  CHECK(subscribe.request_uri() == "sip:alice@example.com");
  CHECK(subscribe.text("To") == "<sip:alice@example.com>");
  CHECK(subscribe.text("Event") == "vnd-microsoft-roaming-contacts");
  CHECK(subscribe.text("Accept") == "application/vnd-microsoft-roaming-contacts+xml");
  CHECK(play.all<OperationDone>().size() == 1);
}

TEST_CASE("SIP-CONT-08, SIP-CONT-11, SIP-CONT-29: each operation has the number of the last") {
  Play play;
  play.watching();
  for (const char* uri : {"sip:a@example.com", "sip:b@example.com", "sip:c@example.com"})
    play.session.submit(add(uri), play.now);
  play.session.submit(RemoveContact{.uri = "sip:a@example.com"}, play.now);
  play.run();
  CHECK(play.all<OperationDone>().size() == 4);
  CHECK(play.session.list() == play.server.list);
  CHECK(play.server.list.version() == contacts::Version{5});
  const auto services = play.requests("SERVICE");
  REQUIRE(services.size() == 4);
  for (std::size_t i = 0; i < services.size(); ++i) {
    CHECK(services[i].request_uri() == "sip:alice@example.com");
    CHECK(services[i].text("To") == "<sip:alice@example.com>");
    CHECK(services[i].text("From").starts_with("<sip:alice@example.com>;"));
    CHECK(services[i].text("Content-Type") == "application/SOAP+xml");
    CHECK(services[i].body().contains("deltaNum>" + std::to_string(i + 1) + "<"));
  }
}

TEST_CASE("Groups are made, renamed and removed, contacts moved and renamed") {
  Play play;
  play.watching();
  play.submit(AddGroup{.name = "Lab"});
  const contacts::GroupId lab = play.all<OperationDone>().at(0).group.value();
  play.submit(add(bob));
  play.submit(ChangeContact{.uri = bob, .groups = {{lab}}});
  play.submit(ChangeContact{.uri = bob, .name = "Robert"});
  play.submit(RenameGroup{.id = lab, .name = "Work"});
  CHECK(play.session.list()->contact(bob)->groups == std::vector{lab});
  CHECK(play.session.list()->contact(bob)->name == "Robert");
  CHECK(play.session.list()->group(lab)->name == "Work");
  const std::size_t before = play.requests("SERVICE").size();
  play.submit(RemoveGroup{.id = lab});
  const auto services = play.requests("SERVICE");
  REQUIRE(services.size() == before + 2);  // SIP-GRP-06: Bob leaves it first
  CHECK(services[before].body().contains("setContact"));
  CHECK(services[before + 1].body().contains("deleteGroup"));
  CHECK(play.session.list()->group(lab) == nullptr);
  CHECK(play.session.list()->contact(bob)->groups == std::vector{contacts::GroupId{1}});
  CHECK(play.all<OperationDone>().size() == 6);
  CHECK(play.all<OperationFailed>().empty());
}

TEST_CASE("SIP-CONT-10: after 409 it reads the list again and repeats what still makes sense") {
  Play play;
  play.watching();
  play.server.list.set_contact(add("sip:c@example.com").contact).value();  // nobody was told
  const OperationId id = play.submit(add(bob));
  REQUIRE(play.all<Repeated>().size() == 1);
  CHECK(play.all<Repeated>()[0].id == id);
  CHECK(play.all<Repeated>()[0].version == contacts::Version{2});
  CHECK(play.all<OperationDone>().size() == 1);
  CHECK(play.session.list() == play.server.list);
  CHECK(play.server.list.contacts().size() == 2);
}

TEST_CASE("SIP-CONT-10: what another device has done already is not repeated") {
  Play play;
  play.watching();
  play.server.list.set_contact(add(bob).contact).value();
  play.submit(add(bob));
  CHECK(play.all<Repeated>().empty());
  REQUIRE(play.all<OperationDone>().size() == 1);
  CHECK_FALSE(play.all<OperationDone>()[0].already.empty());
  CHECK(play.server.list.version() == contacts::Version{2});

  play.server.list.delete_contact(bob).value();
  play.submit(ChangeContact{.uri = bob, .name = "Robert"});
  REQUIRE(play.all<OperationFailed>().size() == 1);  // there is nobody to rename any more
  CHECK(play.server.list.contacts().empty());
}

TEST_CASE("An operation that is refused each time is given up") {
  Play play;
  play.watching();
  play.server.script = [](const sip::Message& request) {
    return request.method() == "SERVICE" ? 409 : 0;
  };
  play.submit(add(bob));
  REQUIRE(play.all<OperationFailed>().size() == 1);
  CHECK(play.all<OperationFailed>()[0].status == 409);
  CHECK(play.requests("SERVICE").size() == attempts_max);
}

TEST_CASE("Removing a group is given up where its contacts do not leave it") {
  Play play;
  const contacts::GroupId lab = play.server.list.add_group("Lab", {}).value().id;
  contacts::Contact member = add(bob).contact;
  member.groups = {lab};
  play.server.list.set_contact(member).value();
  play.watching();
  play.server.script = [](const sip::Message& request) {  // says yes and changes nothing
    return request.method() == "SERVICE" ? 200 : 0;
  };
  play.submit(RemoveGroup{lab});
  play.advance(2 * (attempts_max + 1) * list_patience);
  REQUIRE(play.all<OperationFailed>().size() == 1);
  CHECK(play.all<OperationFailed>()[0].status == 409);
  CHECK(play.requests("SERVICE").size() == attempts_max);
}

TEST_CASE("SIP-CONT-10: a delta that does not follow makes it subscribe again") {
  Play play;
  play.watching();
  play.server.list.set_contact(add("sip:c@example.com").contact).value();
  play.server.change(play.server.list.set_contact(add(bob).contact).value(), play.now);
  play.run();
  CHECK(play.requests("SUBSCRIBE").size() == 2);
  CHECK(play.session.list() == play.server.list);
}

TEST_CASE("SIP-CONT-10: where the delta of an own change is lost, the list is read again") {
  Play play;
  play.watching();
  play.server.notify_after_change = false;
  play.session.submit(add("sip:a@example.com"), play.now);
  play.session.submit(add(bob), play.now);
  play.run();
  CHECK(play.all<OperationDone>().size() == 1);
  play.advance(list_patience);
  CHECK(play.all<OperationDone>().size() == 2);
  play.advance(list_patience);
  CHECK(play.session.list() == play.server.list);
}

TEST_CASE("SIP-PIGY-05, SIP-BEN-06, SIP-BEN-08: list and changes come without an answer of ours") {
  Play play;
  play.watching();
  REQUIRE(play.all<ListChanged>().size() == 1);
  CHECK_FALSE(play.all<ListChanged>()[0].delta);
  const std::size_t before = play.server.received.size();
  play.server.change(play.server.list.set_contact(add(bob).contact).value(), play.now);
  play.run();
  REQUIRE(play.all<ListChanged>().size() == 2);
  CHECK(play.all<ListChanged>()[1].delta);
  CHECK(play.server.received.size() == before);
}

TEST_CASE("SIP-BEN-02, SIP-BEN-05: a proxy without BENOTIFY: NOTIFY, and a signed 200 for each") {
  Play play;
  play.server.script = [](const sip::Message& request) {
    return request.method() == "SUBSCRIBE" && request.has("Proxy-Require") ? 420 : 0;
  };
  play.server.script_headers = "Unsupported: ms-benotify\r\n";
  play.watching();
  CHECK(play.requests("SUBSCRIBE").size() == 2);
  play.server.change(play.server.list.set_contact(add(bob).contact).value(), play.now);
  play.run();
  CHECK(play.session.list() == play.server.list);
  const sip::Message& answer = play.server.received.back();
  CHECK(answer.status() == 200);
  CHECK(answer.text("Authorization").contains("cnum="));
}

TEST_CASE("SIP-AEXT-04, SIP-AEXT-06: the subscription is refreshed in its dialog, in time") {
  Play play;
  play.watching();
  play.advance(400s);
  play.server.change(play.server.list.set_contact(add(bob).contact).value(), play.now);
  play.run();
  play.advance(470s);
  CHECK(play.requests("SUBSCRIBE").size() == 1);
  play.advance(20s);
  REQUIRE(play.requests("SUBSCRIBE").size() == 2);
  CHECK(play.requests("SUBSCRIBE")[1].text("To").contains(";tag="));
}

TEST_CASE("A server that has forgotten everything: it signs in again and goes on") {
  Play play;
  play.watching();
  play.server.forget();
  play.server.register_headers = "Expires: 1200\r\n";
  play.submit(add(bob));
  CHECK(play.all<OperationDone>().size() == 1);
  CHECK(play.all<Failed>().empty());
}

TEST_CASE("RFC 3261 §22.2: where no scheme is the login's, it says which the server offers") {
  struct Row {
    With with;
    std::string challenges;
    std::vector<std::string> offered;
    std::string sentence;
  };
  const std::string digest =
      "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=";
  const std::vector<Row> rows{
      {With::kerberos, digest + "MD5\r\n" + digest + "SHA-256\r\n", {"Digest"}, ", only Digest"},
      {With::digest,
       "WWW-Authenticate: Kerberos realm=\"r\", targetname=\"sip/a\"\r\n"
       "WWW-Authenticate: NTLM realm=\"r\", targetname=\"a\"\r\n",
       {"Kerberos", "NTLM"},
       ", only Kerberos and NTLM"},
      {With::digest, "Server: x\r\n", {}, "this login can use"},
      {With::digest, digest + "MD5\r\n", {}, "refused the user name or the password"},
  };
  for (const Row& row : rows) {
    Play play(row.with);
    play.server.challenges = row.challenges;
    play.start();
    REQUIRE(play.all<Failed>().size() == 1);
    CHECK(play.all<Failed>()[0].cause == Failed::Cause::refused);
    CHECK(play.all<Failed>()[0].offered == row.offered);
    CHECK(play.all<Failed>()[0].sentence.ends_with(row.sentence));
  }
}

TEST_CASE("RFC 3261 §21.5.4: a 503 says when to try again, and what has become of the list") {
  Play in;
  in.server.script = [](const sip::Message&) { return 503; };
  in.server.script_headers = "Retry-After: 7\r\n";
  in.start();
  REQUIRE(in.all<Failed>().size() == 1);
  CHECK(in.all<Failed>()[0].cause == Failed::Cause::network);
  CHECK(in.all<Failed>()[0].sentence.ends_with("; nothing was changed, try again in 7 s"));

  Play change;
  change.watching();
  change.server.script = in.server.script;
  change.submit(add(bob));
  REQUIRE(change.all<OperationFailed>().size() == 1);
  CHECK(change.all<OperationFailed>()[0].reason.ends_with("if it is unchanged try again later"));
}

TEST_CASE("Signing out ends subscription and registration, or the patience does") {
  Play play;
  play.watching();
  play.session.sign_out(play.now);
  play.run();
  CHECK(play.requests("SUBSCRIBE").back().text("Expires") == "0");
  CHECK(play.requests("REGISTER").back().text("Expires") == "0");
  CHECK(play.all<SignedOut>().size() == 1);
  CHECK(play.is_closed);

  Play dead;
  dead.watching();
  dead.wire = false;
  dead.session.sign_out(dead.now);
  dead.advance(sign_out_patience);
  CHECK(dead.all<SignedOut>().size() == 1);
}

TEST_CASE("The server signs the device out, closes, answers nothing, or talks nonsense") {
  Play out;
  out.start();
  sip::Message notify = sip::Message::request("NOTIFY", "sip:alice@192.0.2.21");
  notify.add("From", "<sip:alice@example.com>;tag=9F0E");
  notify.add("To", out.requests("REGISTER").back().text("From"));
  notify.add("Call-ID", out.requests("REGISTER").back().text("Call-ID"));
  notify.add("CSeq", "1 NOTIFY");
  notify.add("Max-Forwards", "70");
  notify.add("Event", "registration-notify");
  notify.set_body("text/registration-event", "deregistered;event=rejected");
  out.server.send(notify, out.now);
  out.run();
  CHECK(out.server.received.back().status() == 200);
  CHECK(out.all<Failed>().at(0).sentence.contains("rejected"));

  Play closed;
  closed.start();
  closed.session.closed({}, closed.now);
  closed.run();
  CHECK(closed.all<Failed>().at(0).cause == Failed::Cause::network);

  Play silent;
  silent.wire = false;
  silent.start();
  silent.advance(answer_patience - 1s);
  CHECK(silent.all<Failed>().empty());
  silent.advance(1s);
  REQUIRE(silent.all<Failed>().size() == 1);
  CHECK(silent.all<Failed>().at(0).cause == Failed::Cause::network);

  Play nonsense;
  nonsense.start();
  nonsense.session.receive("HTTP/1.1 400 Bad Request\r\n\r\n", nonsense.now);
  nonsense.run();
  CHECK(nonsense.all<Failed>().size() == 1);
}

TEST_CASE("No more operations wait than the limit allows") {
  Play play;
  for (std::size_t i = 0; i < operations_max; ++i) play.session.submit(add(bob), play.now);
  play.run();
  CHECK(play.all<OperationFailed>().empty());
  play.submit(add(bob));
  CHECK(play.all<OperationFailed>().size() == 1);
}

TEST_CASE("SIP-AUTH-22, SIP-AUTH-23, SIP-AUTH-24, SIP-AUTH-25: a trace shows what was signed") {
  Play play;
  play.watching();
  bool sent = false;
  bool received = false;
  for (const Trace& trace : play.all<Trace>()) {
    if (trace.bytes.starts_with("SUBSCRIBE")) {
      sent = true;
      CHECK(trace.note.contains("cnum 2"));
      CHECK(trace.note.contains("signed: <Kerberos><"));
      CHECK(trace.note.contains("><2><SIP Communications Service><sip/lcs.example.com><"));
      CHECK(trace.note.contains("><1><SUBSCRIBE><sip:alice@example.com><"));
      CHECK(trace.note.ends_with("<sip:alice@example.com><><><><>"));
    }
    if (trace.bytes.contains("ms-piggyback-cseq")) {
      received = true;
      CHECK(trace.note.contains("snum 2"));
      CHECK(trace.note.contains("<600><200>"));
      CHECK(trace.note.ends_with("the signature is verified"));
    }
  }
  CHECK(sent);
  CHECK(received);
}
