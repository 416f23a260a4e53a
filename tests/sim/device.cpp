#include "tests/sim/device.h"

#include <algorithm>
#include <utility>

#include "kith/base/overloaded.h"
#include "kith/contacts/format/roaming.h"
#include "kith/event/package/roaming_contacts.h"
#include "kith/sip/header/cseq.h"
#include "kith/sip/header/ms_piggyback_cseq.h"
#include "kith/sip/header/subscription_state.h"
#include "kith/sip/header/to.h"
#include "kith/soap/envelope.h"
#include "tests/sim/server.h"

namespace kith::play {

namespace {

constexpr int tries_max = 4;

ua::Config endpoint_config() {
  ua::Config config;
  config.connection_timer = std::nullopt;
  config.idle_timer = std::nullopt;
  return config;
}

std::string in_words(const contacts::Change& change) {
  return std::visit(
      Overloaded{
          [](const contacts::AddedGroup& each) {
            return " addedGroup " + std::to_string(each.group.id.value) + " " + each.group.name;
          },
          [](const contacts::ModifiedGroup& each) {
            return " modifiedGroup " + std::to_string(each.group.id.value) + " " + each.group.name;
          },
          [](const contacts::AddedContact& each) {
            return " addedContact " + each.contact.uri + " " + each.contact.name;
          },
          [](const contacts::ModifiedContact& each) {
            return " modifiedContact " + each.contact.uri + " " + each.contact.name;
          },
          [](const contacts::DeletedGroup& each) {
            return " deletedGroup " + std::to_string(each.id.value);
          },
          [](const contacts::DeletedContact& each) { return " deletedContact " + each.uri; },
      },
      change);
}

std::string in_words(const contacts::Delta& delta) {
  std::string words =
      "delta " + std::to_string(delta.from.value) + " to " + std::to_string(delta.to.value);
  for (const contacts::Change& change : delta.changes) words += in_words(change);
  return words;
}

auth::ClientLogin login(const Habits& habits, auth::Initiator& initiator) {
  if (habits.kerberos)
    return {.username = {}, .password = crypto::Secret(""), .kerberos = &initiator};
  return {.username = habits.user + "@example.com",
          .password = crypto::Secret("secret of " + habits.user),
          .kerberos = nullptr};
}

}  // namespace

Device::Device(sim::World& world, std::string name, const Address& address, Habits habits)
    : world_(world),
      name_(std::move(name)),
      address_(address),
      habits_(std::move(habits)),
      random_(world.random().next()),
      endpoint_(endpoint_config(), random_),
      initiator_(std::in_place, habits_.user + "@EXAMPLE.COM", random_, habits_.ticket_ends),
      credentials_(login(habits_, *initiator_)) {
  world_.add(*this, address_);
}

// ---- What it asks -------------------------------------------------------------------------------

bool Device::connect(Time now) {
  if (flow_) return true;
  const Address server = Server::address(habits_.shard);
  if (is_stream(habits_.transport)) {
    credentials_.reset();
    flow_ = world_.connect(address_, server, habits_.transport);
  } else {
    flow_ = sim::World::datagrams(address_, server);
  }
  static_cast<void>(now);
  return flow_.has_value();
}

void Device::disconnect(Time now) {
  if (!flow_) return;
  const Flow flow = *flow_;
  if (is_stream(flow.transport))
    world_.cut(flow);
  else
    closed(flow, {}, now);
}

sip::Message Device::request(std::string_view method, std::string_view uri) const {
  sip::Message message = sip::Message::request(method, uri);
  const std::string self = "<sip:" + aor() + ">";
  message.add("Max-Forwards", "70");
  message.add("From",
              self + ";tag=" + tag_ + (habits_.epid.empty() ? "" : ";epid=" + habits_.epid));
  message.add("To", self);
  return message;
}

void Device::ask_registrar(Kind kind, std::uint32_t expires, Time now) {
  if (!connect(now)) return;
  sip::Message message = request("REGISTER", "sip:example.com");
  message.add("Call-ID", call_id_);
  message.add("CSeq", std::to_string(++sequence_) + " REGISTER");
  std::string contact = "<sip:" + address_.text();
  if (is_stream(habits_.transport)) contact += ";transport=tcp";
  message.add("Contact", contact + ">");
  message.add("Expires", std::to_string(expires));
  message.add("Event", "registration");
  message.set_body({}, {});
  submit({.kind = kind, .request = std::move(message)}, now);
}

void Device::sign_in(Time now) {
  call_id_ = habits_.call_id.empty() ? random_.hex(8) : habits_.call_id;
  if (tag_.empty()) tag_ = random_.hex(5);
  if (!habits_.call_id.empty()) sequence_ = 0;
  signing_in_ = true;
  ask_registrar(Kind::sign_in, habits_.registers, now);
}

void Device::take_ticket(Time ends) {
  habits_.ticket_ends = ends;
  initiator_.emplace(habits_.user + "@EXAMPLE.COM", random_, ends);
}

void Device::sign_out(Time now) { ask_registrar(Kind::sign_out, 0, now); }

sip::Message Device::subscription(std::uint32_t expires) const {
  sip::Message message = request("SUBSCRIBE", "sip:" + aor());
  message.add("Contact", "<sip:" + address_.text() + ">");
  message.add("Event", event::roaming_contacts.name);
  message.add("Accept", event::roaming_contacts.content_type);
  message.add("Expires", std::to_string(expires));
  event::add_supported(message, habits_.extensions);
  if (habits_.extensions.benotify) message.add("Proxy-Require", event::benotify_tag);
  message.set_body({}, {});
  return message;
}

void Device::subscribe(Time now) {
  if (!connect(now)) return;
  sip::Message message = subscription(habits_.expires);
  dialog_ = Dialog{.call_id = random_.hex(8), .local_tag = random_.hex(5), .remote_tag = {}};
  const std::string self = "<sip:" + aor() + ">";
  message.set("From", self + ";tag=" + dialog_->local_tag +
                          (habits_.epid.empty() ? "" : ";epid=" + habits_.epid));
  message.add("Call-ID", dialog_->call_id);
  message.add("CSeq", std::to_string(dialog_->sequence) + " SUBSCRIBE");
  submit({.kind = Kind::subscribe, .request = std::move(message)}, now);
}

sip::Message Device::inside(std::string_view method) {
  sip::Message message =
      method == "SUBSCRIBE" ? subscription(habits_.expires) : request(method, "sip:" + aor());
  const std::string self = "<sip:" + aor() + ">";
  message.set("From", self + ";tag=" + dialog_->local_tag +
                          (habits_.epid.empty() ? "" : ";epid=" + habits_.epid));
  message.set("To", self + ";tag=" + dialog_->remote_tag);
  message.add("Call-ID", dialog_->call_id);
  message.add("CSeq", std::to_string(++dialog_->sequence) + " " + std::string(method));
  return message;
}

void Device::refresh(Time now) {
  if (!is_subscribed() || !connect(now)) return;
  submit({.kind = Kind::refresh, .request = inside("SUBSCRIBE")}, now);
}

void Device::unsubscribe(Time now) {
  if (!is_subscribed() || !connect(now)) return;
  sip::Message message = inside("SUBSCRIBE");
  message.set("Expires", "0");
  submit({.kind = Kind::unsubscribe, .request = std::move(message)}, now);
}

void Device::fetch(Time now) {
  if (!connect(now)) return;
  sip::Message message = subscription(0);
  message.add("Call-ID", random_.hex(8));
  message.add("CSeq", "1 SUBSCRIBE");
  submit({.kind = Kind::fetch, .request = std::move(message)}, now);
}

bool Device::operate(const std::string& body, std::uint64_t operation, Time now) {
  if (!flow_) return false;
  const bool within = habits_.inside_dialog && is_subscribed();
  sip::Message message = within ? inside("SERVICE") : request("SERVICE", "sip:" + aor());
  if (!within) {
    message.add("Call-ID", random_.hex(8));
    message.add("CSeq", "1 SERVICE");
  }
  message.set_body(soap::content_type, body);
  submit({.kind = Kind::service, .request = std::move(message), .operation = operation}, now);
  return true;
}

void Device::send(sip::Message message, Time now) {
  if (connect(now)) submit({.kind = Kind::other, .request = std::move(message)}, now);
}

void Device::submit(Pending pending, Time now) {
  ++pending.tries;
  pending.sent = pending.request;
  credentials_.authorize(pending.sent, now, random_);
  say("sends " + std::string(pending.sent.method()));
  const ua::TransactionId id = endpoint_.request(*flow_, pending.sent, now);
  pending_.emplace(id, std::move(pending));
}

// ---- What it hears ------------------------------------------------------------------------------

void Device::receive(const Flow& flow, std::string_view bytes, Time now) {
  endpoint_.receive(flow, bytes, now);
}

void Device::closed(const Flow& flow, std::error_code why, Time now) {
  endpoint_.closed(flow, why, now);
  if (!flow_ || flow_->id != flow.id) return;
  flow_.reset();
  forget_session();
  say("connection closed");
}

void Device::forget_session() {
  signed_in_ = false;
  dialog_.reset();
  not_signed_in();
}

/// What waited for the sign-in has no answer.
void Device::not_signed_in() {
  signing_in_ = false;
  for (const Pending& each : std::exchange(after_sign_in_, {})) ended(each, 0);
}

void Device::hear(ua::Notice notice, Time now) {
  std::visit(Overloaded{
                 [&](ua::RequestReceived& request) { notified(request, now); },
                 [&](ua::ResponseReceived& response) {
                   auto found = pending_.extract(response.transaction);
                   if (found.empty() || response.response.status() < 200) return;
                   answered(std::move(found.mapped()), response.response, now);
                 },
                 [&](ua::Ended& over) {
                   const auto found = pending_.extract(over.transaction);
                   if (!found.empty()) {
                     say("no answer to " + std::string(found.mapped().request.method()));
                     if (found.mapped().kind == Kind::sign_in) not_signed_in();
                     ended(found.mapped(), 0);
                   }
                 },
                 [](auto&) {},
             },
             notice);
}

void Device::answered(Pending pending, const sip::Message& response, Time now) {
  const auth::ServerCheck check = credentials_.check(response, now);
  if (!check.acceptable()) {
    say("discards " + std::to_string(response.status()) + ": " + std::string(check.reason));
    // A user who could not be read from the disk has no association that could sign it.
    if (response.status() != 503)
      violate(std::to_string(response.status()) + " to " + std::string(pending.request.method()) +
              " is not acceptable: " + std::string(check.reason));
    ended(pending, response.status() == 503 ? 503 : 0);
    return;
  }
  if (response.status() == 401) {
    challenged(std::move(pending), response, now);
    return;
  }
  say(std::to_string(response.status()) + " " + std::string(pending.request.method()) + " " +
      std::string(response.reason()));
  const bool good = response.status() / 100 == 2;
  if (pending.kind == Kind::sign_in) {
    if (good)
      signed_in_now(now);
    else
      not_signed_in();
  } else if (pending.kind == Kind::sign_out) {  // 503: unknown, and not wanted
    forget_session();
    credentials_.reset();
  } else if (pending.kind == Kind::subscribe || pending.kind == Kind::refresh) {
    if (good)
      subscribed(response);
    else if (pending.kind == Kind::subscribe || response.status() == 481)
      dialog_.reset();
  } else if (pending.kind == Kind::unsubscribe) {
    if (habits_.extensions.piggyback || !good) dialog_.reset();  // 503: unknown, and not wanted
  } else if (pending.kind == Kind::fetch && good) {
    if (!response.body().empty()) take(response.body(), "200");
  } else if (pending.kind == Kind::service && response.status() == 481) {
    dialog_.reset();
  }
  ended(pending, response.status());
}

void Device::challenged(Pending pending, const sip::Message& response, Time now) {
  say("401 " + std::string(pending.request.method()));
  const auto step = credentials_.challenged(pending.sent, response, now);
  if (!step || pending.tries >= tries_max) {
    if (pending.kind == Kind::sign_in) {
      credentials_.reset();
      not_signed_in();
    }
    say("gives up " + std::string(pending.request.method()) + (step ? "" : ": " + step.error()));
    ended(pending, 401);
    return;
  }
  auto cseq = pending.request.get<sip::CSeq>();
  const bool in_dialog = dialog_ && pending.request.text("Call-ID") == dialog_->call_id;
  if (pending.request.method() == "REGISTER")
    (*cseq)->sequence = ++sequence_;
  else if (in_dialog)
    (*cseq)->sequence = ++dialog_->sequence;
  else
    ++(*cseq)->sequence;
  pending.request.set(**cseq);
  if (*step == auth::NextStep::repeat) {
    submit(std::move(pending), now);
    return;
  }
  out_of_step_ = out_of_step_ || pending.operation != 0;  // the server started anew
  after_sign_in_.push_back(std::move(pending));
  if (!std::exchange(signing_in_, true)) ask_registrar(Kind::sign_in, habits_.registers, now);
}

void Device::signed_in_now(Time now) {
  signed_in_ = true;
  signing_in_ = false;
  for (Pending& each : std::exchange(after_sign_in_, {})) submit(std::move(each), now);
}

void Device::ended(const Pending& pending, int status) {
  if (pending.kind == Kind::subscribe && status / 100 != 2) dialog_.reset();
  // The subscription may be gone, and with it deltas.
  if (pending.kind == Kind::refresh && status / 100 != 2) out_of_step_ = true;
  if (pending.operation != 0 && ended_) ended_(pending.operation, status);
}

void Device::subscribed(const sip::Message& response) {
  if (!dialog_) return;
  const auto to = response.get<sip::To>();
  if (to && *to) dialog_->remote_tag = (*to)->tag().value_or("");
  const auto piggyback = response.get<sip::MsPiggybackCseq>();
  const std::uint32_t number = piggyback && *piggyback ? (*piggyback)->sequence : 0;
  const bool overtaken = number < dialog_->remote_sequence;
  dialog_->remote_sequence = std::max(dialog_->remote_sequence, number);
  if (response.body().empty()) return;
  take(response.body(), "200");
  if (overtaken) out_of_step_ = true;  // datagrams: what came before is news to this list
}

void Device::respond(const ua::RequestReceived& received, int status, Time now) {
  if (received.request.method() == "BENOTIFY") return;
  sip::Message response = sip::Message::response(received.request, status);
  response.set_body({}, {});
  endpoint_.respond(received.transaction, response, now);
}

void Device::notified(const ua::RequestReceived& received, Time now) {
  const sip::Message& message = received.request;
  const auth::ServerCheck check = credentials_.check(message, now);
  const bool ours = dialog_ && message.text("Call-ID") == dialog_->call_id;
  if (!check.acceptable() && !ours && !is_stream(habits_.transport)) {
    say(std::string(message.method()) + " of an earlier session");  // a datagram that was late
    return;
  }
  if (!check.acceptable()) {
    violate(std::string(message.method()) + " is not acceptable: " + std::string(check.reason));
    return;
  }
  if (!ours) {
    say(std::string(message.method()) + " of no dialog");
    respond(received, 481, now);
    return;
  }
  const auto cseq = message.get<sip::CSeq>();
  if ((*cseq)->sequence <= dialog_->remote_sequence) {
    say(std::string(message.method()) + " out of order");
    respond(received, 500, now);
    if (is_stream(habits_.transport)) violate("a notification comes out of order");
    return;
  }
  dialog_->remote_sequence = (*cseq)->sequence;
  respond(received, 200, now);
  const auto state = message.get<sip::SubscriptionState>();
  if (state && *state && (*state)->state == "terminated") {
    say(std::string(message.method()) + " terminated " +
        std::string((*state)->reason().value_or("")));
    dialog_.reset();
    return;
  }
  if (!message.body().empty()) take(message.body(), message.method());
}

void Device::take(std::string_view document, std::string_view how) {
  const auto parsed = contacts::roaming::parse(document);
  if (!parsed) {
    violate("a document cannot be read");
    return;
  }
  if (const auto* const list = std::get_if<contacts::List>(&*parsed)) {
    list_ = *list;
    out_of_step_ = false;
    say(std::string(how) + " list " + std::to_string(list->version().value));
    return;
  }
  const auto& delta = std::get<contacts::Delta>(*parsed);
  say(std::string(how) + " " + in_words(delta));
  if (list_ && !out_of_step_ && list_->follow(delta)) return;
  if (is_stream(habits_.transport) && !out_of_step_)
    violate("a delta does not follow: " + in_words(delta) + ", the list is at " +
            (list_ ? std::to_string(list_->version().value) : "nothing"));
  out_of_step_ = true;
}

void Device::violate(const std::string& what) {
  say("VIOLATION " + what);
  violations_.push_back(name_ + ": " + what);
}

}  // namespace kith::play
