#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kith/auth/authenticator.h"
#include "kith/auth/scheme/digest.h"
#include "kith/auth/scheme/ntlm/keys.h"
#include "kith/auth/testing/hmac_mechanism.h"
#include "kith/base/overloaded.h"
#include "kith/contacts/format/roaming.h"
#include "kith/contacts/list.h"
#include "kith/event/package/roaming_contacts.h"
#include "kith/event/subscription.h"
#include "kith/sip/header/via.h"
#include "kith/sip/message.h"
#include "kith/soap/dispatcher.h"
#include "kith/soap/operation/add_group.h"
#include "kith/soap/operation/add_group_response.h"
#include "kith/soap/operation/delete_contact.h"
#include "kith/soap/operation/delete_group.h"
#include "kith/soap/operation/modify_group.h"
#include "kith/soap/operation/set_contact.h"

/// One user's server for the tests of this room: the real authentication, list and notifier, and
/// nothing else.
namespace kith::client::testing {

inline constexpr std::string_view target = "sip/lcs.example.com";

class OneAccount final : public auth::Accounts {
 public:
  std::optional<sip::Aor> account_of(std::string_view principal) const override {
    if (principal != "alice@EXAMPLE.COM") return std::nullopt;
    return sip::Aor{"alice@example.com"};
  }
  std::optional<auth::DigestAccount> digest_account(std::string_view username) const override {
    if (username != "alice") return std::nullopt;
    const auto ha1 = [&](auth::DigestAlgorithm algorithm) {
      return auth::digest_ha1(algorithm, username, auth::Realm{}.digest_realm,
                              crypto::Secret("wonder"));
    };
    return auth::DigestAccount{.aor = sip::Aor{"alice@example.com"},
                               .md5 = ha1(auth::DigestAlgorithm::md5),
                               .sha256 = ha1(auth::DigestAlgorithm::sha256)};
  }
  std::optional<auth::NtAccount> nt_account(std::string_view username) const override {
    if (username != "alice@example.com") return std::nullopt;
    return auth::NtAccount{.aor = sip::Aor{"alice@example.com"},
                           .nt_hash = auth::ntlm::nt_hash(crypto::Secret("wonder")).value()};
  }
};

class FakeServer {
 public:
  explicit FakeServer(Random& random, auth::Realm realm = {.fqdn = "lcs.example.com"})
      : authenticator_(realm, accounts_, random) {}

  // What a test may script.
  contacts::List list;
  std::string register_headers = "Expires: 1200\r\npresence-state: register-action=\"added\"\r\n";
  bool notify_after_change = true;
  std::uint32_t subscription_seconds = 600;
  /// Answers in the place of the server: a status, or 0 to let the server do it.
  std::function<int(const sip::Message&)> script = [](const sip::Message&) { return 0; };
  std::string script_headers;
  std::string challenges;  // header lines of a 401 that answers everything; empty: the real ones
  /// What to do to a message after it was signed.
  std::function<void(std::string&)> tamper = [](std::string&) {};

  std::vector<sip::Message> received;
  std::deque<std::string> sent;

  void take(const std::string& bytes, Time now) {
    Result<sip::Message> message = sip::Message::parse(bytes);
    received.push_back(message.value());
    if (message->is_request()) answer(*message, now);
  }

  /// A change by another device.
  void change(const contacts::Delta& delta, Time now) {
    notify(contacts::roaming::write(delta), now);
  }
  void notify(const std::string& document, Time now) {
    if (!subscription_) return;
    send(subscription_->notification({event::roaming_contacts.content_type, document}, now), now);
  }
  void send(sip::Message message, Time now) {
    if (message.is_request()) {
      sip::Via via{.transport = "TCP", .host = "192.0.2.5"};
      via.params.set("branch", "z9hG4bK" + std::to_string(++branches_));
      message.prepend(via);
    }
    if (!device_.empty()) authenticator_.sign(device_, message, now);
    std::string bytes = message.write();
    tamper(bytes);
    sent.push_back(std::move(bytes));
  }
  event::Subscription* subscription() { return subscription_ ? &*subscription_ : nullptr; }
  /// As after a restart: associations and subscriptions are gone.
  void forget() {
    authenticator_.forget(sip::Aor{"alice@example.com"});
    device_ = {};
    subscription_.reset();
  }

 private:
  void answer(const sip::Message& request, Time now) {
    if (!challenges.empty()) return reply(request, 401, challenges, now);
    auth::Verdict verdict = authenticator_.check(request, Address::v4(192, 0, 2, 21, 14010), now);
    while (const auto job = authenticator_.poll())
      verdict =
          authenticator_.accepted(job->id, auth::testing::hmac_accept(job->token, target), now);
    if (const auto* challenge = std::get_if<auth::Challenge>(&verdict)) {
      sip::Message response = sip::Message::response(request, 401);
      response.set_to_tag("c");
      challenge->write_to(response);
      response.set_body({}, {});
      sent.push_back(response.write());
    } else if (const auto* passed = std::get_if<auth::Passed>(&verdict)) {
      device_ = passed->association;
      serve(request, now);
    }
  }

  void serve(const sip::Message& request, Time now) {
    if (const int status = script(request); status != 0)
      return reply(request, status, script_headers, now);
    if (!device_.empty()) authenticator_.registered(device_, now + 1200s);
    if (request.method() == "REGISTER")
      return reply(request, 200, request.text("Expires") == "0" ? "" : register_headers, now);
    if (request.method() == "SUBSCRIBE") return subscribe(request, now);
    if (request.method() == "SERVICE") return service(request, now);
    reply(request, 405, {}, now);
  }

  void reply(const sip::Message& request, int status, const std::string& headers, Time now,
             std::string_view type = {}, std::string_view body = {}) {
    sip::Message response = sip::Message::response(request, status);
    response.set_to_tag("9F0E");
    response.set_body(type, body);
    std::string text = response.write();
    text.insert(text.find("Content-Length"), headers);
    send(sip::Message::parse(text).value(), now);
  }

  void subscribe(const sip::Message& request, Time now) {
    const std::string document = contacts::roaming::write(list);
    const event::Content content{event::roaming_contacts.content_type, document};
    if (request.text("Expires") == "0") {
      subscription_.reset();
      return send(event::ended(request, {}, {}), now);
    }
    const bool refresh = request.text("To").contains(";tag=");
    if (refresh && (!subscription_ || !subscription_->dialog().accept(request)))
      return reply(request, 481, {}, now);
    if (!refresh)
      subscription_.emplace(dialog::Dialog::from_request(request, "3E90").value(),
                            event::roaming_contacts, "", event::offered(request),
                            std::chrono::seconds(subscription_seconds), now);
    sip::Message ok = subscription_->accepted(request, content, now);
    ok.add("Contact", "<sip:lcs.example.com:5060;transport=tcp>");
    send(std::move(ok), now);
    if (!subscription_->piggybacks()) send(subscription_->notification(content, now), now);
  }

  struct Done {
    std::expected<contacts::Delta, contacts::Refusal> delta;
    std::string body{};
  };
  void service(const sip::Message& request, Time now) {
    soap::Dispatcher<Done> dispatch;
    const auto guarded = [this](contacts::Version expected, auto change) {
      if (expected != list.version())
        return Done{std::unexpected(contacts::Refusal::version_conflict)};
      return Done{change()};
    };
    dispatch.on<soap::SetContact>([&](const soap::SetContact& set) {
      return guarded(set.expected, [&] { return list.set_contact(set.contact); });
    });
    dispatch.on<soap::DeleteContact>([&](const soap::DeleteContact& remove) {
      return guarded(remove.expected, [&] { return list.delete_contact(remove.uri); });
    });
    dispatch.on<soap::AddGroup>([&](const soap::AddGroup& add) {
      auto made = list.add_group(add.group_name, add.external_uri);
      return Done{made.value().delta, soap::envelope(soap::AddGroupResponse{made.value().id})};
    });
    dispatch.on<soap::ModifyGroup>([&](const soap::ModifyGroup& modify) {
      return guarded(modify.expected, [&] { return list.modify_group(modify.group); });
    });
    dispatch.on<soap::DeleteGroup>([&](const soap::DeleteGroup& remove) {
      return guarded(remove.expected, [&] { return list.delete_group(remove.id); });
    });
    const Result<Done> done = dispatch.call(request.body());
    if (!done) return reply(request, 400, {}, now);
    if (!done->delta)
      return reply(request, static_cast<int>(contacts::status_of(done->delta.error())), {}, now);
    reply(request, 200, {}, now, done->body.empty() ? std::string_view{} : soap::content_type,
          done->body);
    if (notify_after_change) change(*done->delta, now);
  }

  OneAccount accounts_;
  auth::Authenticator authenticator_;
  auth::SaRef device_;
  std::optional<event::Subscription> subscription_;
  int branches_ = 0;
};

}  // namespace kith::client::testing
