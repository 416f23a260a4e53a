#include "server/service/testing/house.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <utility>

#include "kith/auth/scheme/digest.h"
#include "kith/auth/scheme/ntlm/keys.h"
#include "kith/base/overloaded.h"
#include "kith/base/text.h"
#include "kith/sip/header/cseq.h"
#include "kith/sip/header/to.h"
#include "kith/soap/operation/set_contact.h"

namespace kith::service::testing {

namespace {

constexpr std::string_view realm = "SIP Communications Service";

crypto::Secret verifier_of(std::string_view user, auth::DigestAlgorithm algorithm) {
  return auth::digest_ha1(algorithm, std::string(user) + "@example.com", realm,
                          crypto::Secret(std::string("secret")));
}

auth::ClientLogin login_of(const std::string& user, Login login, std::string_view password,
                           auth::testing::HmacInitiator& initiator, auth::NtlmClient& ntlm) {
  if (login == Login::kerberos) return {.username = {}, .password = {}, .kerberos = &initiator};
  if (login == Login::ntlm) return {.username = {}, .password = {}, .ntlm = &ntlm};
  return {.username = user + "@example.com", .password = crypto::Secret(std::string(password))};
}

crypto::Secret nt_hash_of(std::string_view password) {
  const auto hash = auth::ntlm::nt_hash(crypto::Secret(std::string(password))).value();
  return crypto::Secret(to_hex(as_bytes(hash.reveal())));
}

}  // namespace

Settings House::default_settings() {
  Settings settings;
  settings.domains = {"example.com"};
  settings.host = "lcs.example.com";
  settings.realm.fqdn = "lcs.example.com";
  return settings;
}

House::House(Settings given) : settings(std::move(given)), core(settings, random) {}

void House::add_user(std::string_view user) {
  store::UserRecord record;
  record.account = store::Account{.aor = aor(user),
                                  .display_name = std::string(user),
                                  .principals = {std::string(user) + "@EXAMPLE.COM"},
                                  .digest_realm = std::string(realm),
                                  .ha1_md5 = verifier_of(user, auth::DigestAlgorithm::md5),
                                  .ha1_sha256 = verifier_of(user, auth::DigestAlgorithm::sha256),
                                  .nt_hash = nt_hash_of("secret"),
                                  .enabled = true,
                                  .revision = 1};
  records[aor(user)] = std::move(record);
}

std::optional<sip::Message> House::ask(const Flow& flow, sip::Message request) {
  ++transaction_.value;
  core.receive({transaction_, flow}, std::move(request), now);
  pump();
  return response(transaction_);
}

std::optional<sip::Message> House::response(ua::TransactionId transaction) {
  const auto found = responses_.find(transaction);
  if (found == responses_.end()) return std::nullopt;
  return found->second;
}

void House::pump() {
  while (std::optional<Output> output = core.poll()) perform(*std::move(output));
}

void House::pass(Duration duration) {
  const Time until = now + duration;
  while (core.next_deadline() <= until) {
    now = std::max(now, core.next_deadline());
    core.tick(now);
    pump();
  }
  now = until;
  core.tick(now);
  pump();
}

void House::perform(Output output) {
  std::visit(
      Overloaded{
          [&](Respond& respond) {
            CHECK_FALSE(responses_.contains(respond.origin.transaction));
            responses_.emplace(respond.origin.transaction, std::move(respond.response));
          },
          [&](Forget& forget) { forgotten.push_back(forget.origin.transaction); },
          [&](Notify& notify) {
            told.push_back(
                {notify.flow, std::move(notify.request), notify.ref, notify.with_transaction});
          },
          [&](Load& load) {
            ++loads;
            if (!disk_reads) {
              core.loaded(load.aor, std::unexpected("the disk cannot be read"), now);
              return;
            }
            const auto found = records.find(load.aor);
            core.loaded(load.aor, found == records.end() ? store::UserRecord{} : found->second,
                        now);
          },
          [&](Commit& wanted) {
            commits.push_back(std::move(wanted));
            if (disk == Disk::at_once) commit(store::Commit::done);
          },
          [&](Accept& accept) {
            core.accepted(accept.job.id,
                          auth::testing::hmac_accept(accept.job.token, "sip/lcs.example.com"), now);
          },
          [&](FlowAuthenticated&) { ++authenticated; },
          [&](Halt& halt) { halts.push_back(halt.why); },
          [&](Log& log) { logs.push_back(std::move(log)); },
      },
      output);
}

void House::commit(store::Commit how) {
  REQUIRE_FALSE(commits.empty());
  const Commit oldest = std::move(commits.front());
  commits.pop_front();
  store::CommitResult result{.how = how, .cause = store::Cause::none, .sentence = {}};
  if (how == store::Commit::done) {
    apply(oldest.batch);
  } else {
    result.cause = store::Cause::disk_full;
    result.sentence = "the disk is full";
  }
  core.committed(oldest.id, result, now);
  pump();
}

void House::apply(const store::Batch& batch) {
  store::UserRecord& record = records[batch.aor];
  for (const store::Write& write : batch.writes)
    if (const auto* const change = std::get_if<store::ListChange>(&write))
      record.list.apply(change->delta);
}

// ---- Devices ------------------------------------------------------------------------------------

namespace {
std::uint16_t next_port = 20'000;
}

Messenger::Messenger(House& where, std::string whose, std::string id, Login login,
                     std::string_view password)
    : house(where),
      user(std::move(whose)),
      epid(std::move(id)),
      flow{.id = next_port,
           .transport = Transport::tcp,
           .local = Address::v4(192, 0, 2, 1, 5060),
           .remote = Address::v4(192, 0, 2, 21, next_port)},
      initiator_(user + "@EXAMPLE.COM", where.random),
      ntlm_({.username = user + "@example.com", .password = crypto::Secret(std::string(password))},
            where.random),
      authenticator(login_of(user, login, password, initiator_, ntlm_)),
      signs_(login != Login::digest) {
  ++next_port;
}

sip::Message Messenger::request(std::string_view method) {
  sip::Message message = sip::Message::request(method, uri());
  message.add("Via", "SIP/2.0/TCP " + flow.remote.text());
  message.add("Max-Forwards", "70");
  std::string from = "<" + uri() + ">;tag=" + house.random.hex(4);
  if (!epid.empty()) from += ";epid=" + epid;
  message.add("From", from);
  message.add("To", "<" + uri() + ">");
  message.add("Call-ID", house.random.hex(8));
  message.add(sip::CSeq{++cseq_, std::string(method)});
  message.add("Contact", "<" + uri() + ":" + std::to_string(flow.remote.port) +
                             ";maddr=192.0.2.21;transport=tcp>;proxy=replace");
  message.set_body({}, {});
  return message;
}

ua::TransactionId Messenger::post(sip::Message request) {
  authenticator.authorize(request, house.now, house.random);
  house.ask(flow, std::move(request));
  return house.last_transaction();
}

sip::Message Messenger::send(sip::Message message) {
  for (int attempt = 0; attempt < 3; ++attempt) {
    sip::Message authorized = message;
    authenticator.authorize(authorized, house.now, house.random);
    const std::optional<sip::Message> response = house.ask(flow, authorized);
    REQUIRE(response);
    if (response->status() != 401) {
      if (signs_) CHECK(authenticator.check(*response, house.now).acceptable());
      return *response;
    }
    const auto next = authenticator.challenged(authorized, *response, house.now);
    if (!next || *next != auth::NextStep::repeat) return *response;
    message.set("CSeq", std::to_string(++cseq_) + " " + std::string(message.method()));
  }
  FAIL("challenged again and again");
  return message;
}

sip::Message Messenger::sign_in() {
  sip::Message message = request("REGISTER");
  message.set_request_uri("sip:example.com");
  message.add("Event", "registration");
  message.add("ms-keep-alive", "UAC;hop-hop=yes");
  return send(std::move(message));
}

sip::Message Messenger::subscribe(Extensions extensions) {
  sip::Message message = request("SUBSCRIBE");
  message.add("Event", "vnd-microsoft-roaming-contacts");
  message.add("Accept", "application/vnd-microsoft-roaming-contacts+xml");
  if (extensions == Extensions::all) {
    message.add("Supported", "com.microsoft.autoextend");
    message.add("Supported", "ms-benotify");
    message.add("Proxy-Require", "ms-benotify");
    message.add("Supported", "ms-piggyback-first-notify");
  }
  dialog_call_id = message.text("Call-ID");
  dialog_local_tag = message.text("From");
  sip::Message response = send(std::move(message));
  if (const auto to = response.get<sip::To>(); to && *to)
    dialog_remote_tag = (*to)->tag().value_or(std::string_view{});
  return response;
}

sip::Message Messenger::refresh(std::string_view expires) {
  sip::Message message = request("SUBSCRIBE");
  message.set("Call-ID", dialog_call_id);
  message.set("From", dialog_local_tag);
  message.set_to_tag(dialog_remote_tag);
  message.add("Event", "vnd-microsoft-roaming-contacts");
  message.add("Supported", "com.microsoft.autoextend");
  message.add("Supported", "ms-benotify");
  message.add("Proxy-Require", "ms-benotify");
  message.add("Supported", "ms-piggyback-first-notify");
  if (!expires.empty()) message.add("Expires", expires);
  return send(std::move(message));
}

sip::Message Messenger::service(std::string_view body) {
  sip::Message message = request("SERVICE");
  message.set_body("application/SOAP+xml", body);
  return message;
}

sip::Message Messenger::add_contact(std::string_view who, std::uint32_t delta) {
  return operate(soap::SetContact{.contact = {.uri = "sip:" + std::string(who) + "@example.com",
                                              .name = std::string(who),
                                              .groups = {},
                                              .subscribed = true,
                                              .external_uri = {},
                                              .extension = {}},
                                  .expected = contacts::Version{delta}});
}

std::vector<sip::Message> Messenger::heard() {
  std::vector<sip::Message> mine;
  for (; heard_ < house.told.size(); ++heard_) {
    const House::Told& each = house.told[heard_];
    if (each.flow != flow) continue;
    if (signs_) CHECK(authenticator.check(each.message, house.now).acceptable());
    mine.push_back(each.message);
  }
  return mine;
}

}  // namespace kith::service::testing
