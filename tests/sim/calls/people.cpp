#include "tests/sim/calls/people.h"

#include <array>
#include <utility>

#include "kith/base/overloaded.h"
#include "kith/sip/headers.h"

namespace kith::calls {

using namespace ua;

namespace {

constexpr std::array refusals{302, 404, 486, 500, 503, 603};
constexpr int began_once = 1;
constexpr int ended_once = 10;

bool is_reliable(const sip::Message& response) {
  return response.status() > 100 && response.status() < 200 &&
         sip::lists<sip::Require>(response, "100rel");
}

std::string method_of(const sip::Message& response) {
  const auto cseq = response.get<sip::CSeq>();
  return cseq && *cseq ? (*cseq)->method : std::string{};
}

template <class Party>
std::string tag_of(const sip::Message& message) {
  const auto party = message.get<Party>();
  return party && *party ? std::string{(*party)->tag().value_or("")} : std::string{};
}

}  // namespace

// ---- Agenda, Account ----------------------------------------------------------------------------

void Agenda::run() {
  while (!deeds_.empty()) {
    const auto next = deeds_.begin();
    const Time when = next->first;
    if (when > net_.now) {
      net_.wait(when - net_.now);
      continue;  // what happened meanwhile may have added something earlier
    }
    const std::function<void()> deed = std::move(deeds_.extract(next).mapped());
    deed();
    net_.settle();
  }
}

void Account::saw(const Event& event) {
  std::visit(Overloaded{[&](const Request& each) {
                          began(each.transaction);
                          saw(each.dialog);
                        },
                        [&](const Response& each) { saw(each.dialog); },
                        [&](const Ack& each) { saw(each.dialog); },
                        [&](const Cancelled& each) { saw(each.dialog); },
                        [&](const NotAcknowledged& each) { saw(std::optional{each.dialog}); },
                        [&](const TransactionEnded& each) {
                          transactions_[each.transaction] += ended_once;
                          ++reasons_["transaction " + std::string{to_string(each.why)}];
                          saw(each.dialog);
                        },
                        [&](const DialogEnded& each) {
                          ++dialogs_[each.id];
                          ++reasons_["dialog " + std::string{to_string(each.why)}];
                        },
                        [](const auto&) {}},
             event);
}

void Account::judge(std::string_view who, std::vector<std::string>& failures) const {
  for (const auto& [id, count] : transactions_)
    if (count != began_once + ended_once)
      failures.push_back(std::string{who} + ": transaction " + std::to_string(id.value) +
                         " ended " + std::to_string(count / ended_once) + " times");
  for (const auto& [id, count] : dialogs_)
    if (count != 1)
      failures.push_back(std::string{who} + ": dialog " + std::to_string(id.value) + " ended " +
                         std::to_string(count) + " times");
}

// ---- Person -------------------------------------------------------------------------------------

Person::Person(Net& net, Agenda& agenda, std::uint16_t port)
    : node(net, port, {.session_timer = dialog::SessionWish{}}),
      net_(net),
      agenda_(agenda),
      name_("u" + std::to_string(port)) {
  node.on_event = [this](const Event& event) { on(event); };
}

sip::Message Person::request_to(std::string_view method, std::uint16_t proxy,
                                std::string_view user) {
  const std::string number = std::to_string(++next_);
  const std::string uri = "sip:" + std::string{user} + "@127.0.0.1:" + std::to_string(proxy);
  sip::Message request = sip::Message::request(method, uri);
  request.add("From", "<" + node.uri(name_) + ">;tag=" + name_ + number);
  request.add("To", "<" + uri + ">");
  request.add("Call-ID", name_ + "-" + number);
  request.add("CSeq", "1 " + std::string{method});
  request.add("Contact", "<" + node.uri(name_) + ">");
  return request;
}

void Person::call(std::uint16_t proxy) {
  ++calls;
  sip::Message invite = request_to("INVITE", proxy, "bob");
  if (agenda_.chance(50)) invite.add("Supported", "100rel");
  const TransactionId id = node.agent.request(node.to(proxy), std::move(invite), net_.now);
  account.began(id);
  if (agenda_.chance(25))
    agenda_.after(agenda_.between(0s, 15s), [this, id] {
      if (const auto cancel = node.agent.cancel(id, net_.now)) account.began(*cancel);
    });
}

void Person::ask(std::string_view method, std::uint16_t proxy, std::string_view user) {
  account.began(node.agent.request(node.to(proxy), request_to(method, proxy, user), net_.now));
}

void Person::subscribe(std::uint16_t proxy) {
  sip::Message request = request_to("SUBSCRIBE", proxy, "bob");
  request.add("Event", "presence");
  request.add("Expires", "120");
  account.began(node.agent.request(node.to(proxy), std::move(request), net_.now));
}

void Person::on(const Event& event) {
  account.saw(event);
  if (also) also(event);
  if (const auto* request = std::get_if<Request>(&event)) {
    on_request(*request);
  } else if (const auto* response = std::get_if<Response>(&event)) {
    on_response(*response);
  } else if (const auto* due = std::get_if<RefreshDue>(&event)) {
    send(due->dialog, "UPDATE");
  } else if (const auto* missing = std::get_if<NotAcknowledged>(&event)) {
    for (const Request& each : node.all<Request>())
      if (each.transaction == missing->invite) respond(each, 504);
  }
}

sip::Message Person::response_to(const Request& request, int status) {
  sip::Message response = sip::Message::response(request.message, status);
  if (tag_of<sip::To>(response).empty())
    response.set_to_tag(name_ + "t" + std::to_string(request.transaction.value));
  response.add("Contact", "<" + node.uri(name_) + ">");
  return response;
}

void Person::respond(const Request& request, int status) {
  (void)node.agent.respond(request.transaction, response_to(request, status), net_.now);
}

void Person::on_request(const Request& request) {
  const std::string_view method = request.message.method();
  if (method == "INVITE" && !request.dialog) return on_invite(request);
  if (method == "SUBSCRIBE") return on_subscribe(request);
  if (method == "REGISTER") return on_register(request);
  const int status = method == "INVITE" && agenda_.chance(30) ? 488 : 200;
  agenda_.after(agenda_.between(0s, 300ms), [this, request, status] { respond(request, status); });
}

void Person::on_invite(const Request& request) {
  if (agenda_.chance(70)) {
    agenda_.after(agenda_.between(0s, 500ms), [this, request] {
      const bool reliably = agenda_.chance(50);
      if (!reliably ||
          !node.agent.respond_reliably(request.transaction, response_to(request, 183), net_.now))
        respond(request, 180);
    });
  }
  const std::uint64_t kind = agenda_.below(100);
  if (kind < 15) return;  // nobody is at home
  const int status = kind < 40 ? refusals[agenda_.below(refusals.size())] : 200;
  agenda_.after(agenda_.between(0s, 20s), [this, request, status] { respond(request, status); });
}

std::optional<DialogId> Person::dialog_of(const sip::Message& response) {
  sip::Join join;
  join.call_id = response.text("Call-ID");
  join.params.set("to-tag", tag_of<sip::To>(response));
  join.params.set("from-tag", tag_of<sip::From>(response));
  return node.agent.find(join);
}

void Person::on_subscribe(const Request& request) {
  sip::Message response = response_to(request, 200);
  const bool ends = request.message.text("Expires") == "0";
  response.add("Expires", ends ? "0" : "60");
  if (!node.agent.respond(request.transaction, response, net_.now)) return;
  const std::optional<DialogId> dialog = dialog_of(response);
  if (!dialog) return;
  notify(*dialog, ends ? "terminated" : "active");
  if (!ends && agenda_.chance(50))
    agenda_.after(agenda_.between(1s, 50s), [this, dialog] { notify(*dialog, "terminated"); });
}

/// As a registrar, with its moods; what it is told it grants, and forgets.
void Person::on_register(const Request& request) {
  const std::uint64_t mood = agenda_.below(100);
  sip::Message response = response_to(request, mood < 10 ? 503 : mood < 15 ? 423 : 200);
  response.remove("Contact");
  if (mood >= 10 && mood < 15) response.add("Min-Expires", "400");
  if (mood >= 15 && request.message.text("Expires") != "0") {
    const std::string expires = ";expires=" + std::to_string(30 + agenda_.below(300));
    for (const std::string_view contact : request.message.texts("Contact"))
      if (contact != "*" && !contact.contains("expires=0"))
        response.add("Contact", std::string{contact} + expires);
  }
  agenda_.after(agenda_.between(0s, 300ms), [this, request, response] {
    (void)node.agent.respond(request.transaction, response, net_.now);
  });
}

void Person::notify(DialogId dialog, std::string_view state) {
  std::optional<sip::Message> draft = node.agent.draft(dialog, "NOTIFY");
  if (!draft) return;
  draft->add("Event", "presence");
  draft->add("Subscription-State", state);
  draft->add("Contact", "<" + node.uri(name_) + ">");
  if (const auto id = node.agent.send(dialog, *std::move(draft), net_.now)) account.began(*id);
}

void Person::send(DialogId dialog, std::string_view method, std::string_view extra_name,
                  std::string_view extra_value) {
  std::optional<sip::Message> draft = node.agent.draft(dialog, method);
  if (!draft) return;
  draft->add("Contact", "<" + node.uri(name_) + ">");
  if (method == "SUBSCRIBE") draft->add("Event", "presence");
  if (!extra_name.empty()) draft->add(extra_name, extra_value);
  if (const auto id = node.agent.send(dialog, *std::move(draft), net_.now)) account.began(*id);
}

void Person::on_response(const Response& response) {
  const int status = response.message.status();
  const std::string method = method_of(response.message);
  if (!response.dialog) return;
  const DialogId dialog = *response.dialog;
  if (is_reliable(response.message))
    if (const auto id = node.agent.prack(dialog, response.message, net_.now)) account.began(*id);
  if (status < 200 || status >= 300) return;
  if (method == "INVITE") {
    // Whoever forgets its ACK once in a while is asked again.
    if (agenda_.chance(95)) (void)node.agent.ack(dialog, net_.now);
    if (replied_.insert(response.transaction).second || response.forked)
      established(dialog, response.forked);
  } else if (method == "SUBSCRIBE" && replied_.insert(response.transaction).second &&
             response.message.text("Expires") != "0") {
    if (agenda_.chance(60))
      agenda_.after(agenda_.between(1s, 50s), [this, dialog, ends = agenda_.chance(50)] {
        send(dialog, "SUBSCRIBE", "Expires", ends ? "0" : "60");
      });
  }
}

void Person::established(DialogId dialog, bool forked) {
  ++answered;
  if (forked) return agenda_.after(1s, [this, dialog] { hang_up(dialog); });
  if (agenda_.chance(40))
    agenda_.after(agenda_.between(1s, 30s), [this, dialog] { invite_again(dialog); });
  agenda_.after(agenda_.between(1s, 60s), [this, dialog] { hang_up(dialog); });
}

void Person::hang_up(DialogId dialog) { send(dialog, "BYE"); }
void Person::invite_again(DialogId dialog) { send(dialog, "INVITE"); }

}  // namespace kith::calls
