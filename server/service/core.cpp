#include "server/service/core.h"

#include <algorithm>
#include <span>
#include <utility>

#include "kith/auth/parameters.h"
#include "kith/base/overloaded.h"
#include "kith/base/text.h"
#include "kith/event/package/roaming_contacts.h"
#include "kith/sip/check.h"
#include "kith/sip/header/call_id.h"
#include "kith/sip/header/contact.h"
#include "kith/sip/header/event.h"
#include "kith/sip/header/from.h"
#include "kith/sip/header/proxy_require.h"
#include "kith/sip/header/require.h"
#include "kith/sip/header/unsupported.h"
#include "server/service/answer.h"
#include "server/service/contacts.h"
#include "server/service/core_entry.h"
#include "server/service/limits.h"
#include "server/service/registrar.h"

namespace kith::service {

namespace {

constexpr std::string_view methods_served = "REGISTER, SUBSCRIBE, SERVICE, OPTIONS";

/// What a request demands and we do not have: RFC 3261 §8.2.2.3. As the first proxy we answer for
/// Proxy-Require, too (SIP-BEN-02).
std::optional<Outcome> unmet_requirement(const Request& request) {
  const Result<std::vector<sip::Require>> required = request.message.all<sip::Require>();
  if (!required) return refuse_with(request, required.error());
  const Result<std::vector<sip::ProxyRequire>> of_proxies =
      request.message.all<sip::ProxyRequire>();
  if (!of_proxies) return refuse_with(request, of_proxies.error());
  std::vector<std::string> unknown;
  for (const sip::Require& each : *required) unknown.push_back(each.tag);
  for (const sip::ProxyRequire& each : *of_proxies)
    if (!equal_ignoring_case(each.tag, event::benotify_tag)) unknown.push_back(each.tag);
  if (unknown.empty()) return std::nullopt;
  Outcome outcome = refuse_with(request, 420);
  for (std::string& tag : unknown) outcome.reply.add(sip::Unsupported{.tag = std::move(tag)});
  return outcome;
}

/// What is wrong with a request that says where a device is, or that lacks it: RFC 3261 §8.1.1.8,
/// §10.2. Others are read header by header where they are served.
std::optional<Outcome> faulty_contact(const Request& request) {
  const std::string_view method = request.message.method();
  if (method != "REGISTER" && method != "SUBSCRIBE") return std::nullopt;
  const std::vector<sip::Problem> problems = sip::check(request.message);
  const sip::Problem* const fault = sip::first_fault(problems);
  if (fault == nullptr) return std::nullopt;
  return refuse_with(request, *fault);
}

/// Whether a request names no device: neither epid nor instance.
bool is_nameless(const sip::Message& request) {
  const auto from = request.view<sip::From>();
  if (from && *from && (*from)->epid()) return false;
  const auto contact = request.view<sip::Contact>();
  return !(contact && *contact && (*contact)->instance());
}

Outcome subscribe(User& user, const Request& request) {
  const auto event = request.message.view<sip::Event>();
  if (!event) return refuse_with(request, event.error());
  if (*event && (*event)->package == event::roaming_contacts.name)
    return contact_lists::subscribe(user, request);
  Outcome outcome = refuse_with(request, 489);  // RFC 6665 §4.2.1.1
  outcome.reply.add("Allow-Events", packages_served);
  return outcome;
}

Outcome options(const Request& request) {
  Outcome outcome{.reply = answer(request, 200)};
  outcome.reply.add("Allow", methods_served);
  outcome.reply.add("Accept", "application/SOAP+xml");
  outcome.reply.add("Allow-Events", packages_served);
  return outcome;
}

}  // namespace

Core::Core(const Settings& settings, Random& random)
    : settings_(settings),
      random_(random),
      directory_(std::make_unique<Directory>(users_)),
      authenticator_(settings.realm, *directory_, random) {}

Core::~Core() = default;

std::optional<sip::Aor> Core::owner(const sip::Message& request) {
  const auto from = request.view<sip::From>();
  if (!from || !*from) return std::nullopt;
  return sip::address_of_record((*from)->uri);
}

// ---- Intake -------------------------------------------------------------------------------------

void Core::receive(Origin origin, sip::Message request, Time now) {
  ++statistics_.requests;
  const std::optional<sip::Aor> aor = owner(request);
  if (!aor) {
    respond(origin, answer(request, 400, "Bad Request: From is no SIP address of record", random_));
    return;
  }
  Entry* const entry = open(*aor, now);
  if (!entry) {
    respond(origin, try_later(request, random_));
    return;
  }
  const bool presents = request.has("Authorization") || request.has("Proxy-Authorization");
  Incoming incoming{std::move(origin), std::move(request)};
  if (entry->state == Entry::State::ready || !presents)
    examine(*entry, std::move(incoming), now);
  else
    wait(*entry, std::move(incoming), now);
  schedule(*entry, now);
}

Core::Entry* Core::open(const sip::Aor& aor, Time now) {
  const auto found = users_.find(aor);
  if (found != users_.end()) {
    found->second->last_used = now;
    return found->second.get();
  }
  if (users_.size() >= limits::users_max) return nullptr;
  auto entry = std::make_unique<Entry>();
  entry->aor = aor;
  entry->last_used = now;
  outputs_.emplace_back(Load{aor});
  return users_.emplace(aor, std::move(entry)).first->second.get();
}

void Core::wait(Entry& entry, Incoming incoming, Time now) {
  if (entry.waiting.size() >= limits::waiting_per_user_max) {
    turn_away(entry, std::move(incoming), now);
    return;
  }
  entry.waiting.push_back(std::move(incoming));
  awaited_users_.insert(entry.aor);
  ++waiting_;
}

/// 503 while the user is not loaded. A device with an association believes only what is signed
/// (SIP-AUTH-54), so its request is verified for that; a handshake or an unknown user is not.
void Core::turn_away(Entry& entry, Incoming incoming, Time now) {
  const auto device = auth::endpoint_of(incoming.request);
  const bool known = entry.user.account || (device && authenticator_.has_association(*device, now));
  if (known && !auth::carries_token(incoming.request))
    examine(entry, std::move(incoming), now);
  else
    respond(incoming.origin, try_later(incoming.request, random_));
}

void Core::examine(Entry& entry, Incoming incoming, Time now) {
  auth::Verdict verdict = authenticator_.check(incoming.request, incoming.origin.flow.remote, now);
  while (std::optional<auth::AcceptJob> job = authenticator_.poll())
    outputs_.emplace_back(Accept{*std::move(job)});
  if (const auto* const pending = std::get_if<auth::Pending>(&verdict)) {
    ++entry.asking;
    asking_.emplace(pending->job, Asking{entry.aor, std::move(incoming)});
    return;
  }
  settle(entry, std::move(verdict), std::move(incoming), now);
}

void Core::accepted(auth::JobId job, auth::AcceptResult result, Time now) {
  auto asking = asking_.extract(job);
  if (asking.empty()) {  // who asked is gone; its place among the handshakes is free again
    static_cast<void>(authenticator_.accepted(
        job, std::unexpected(auth::AcceptFailure{auth::AcceptFailure::Kind::unavailable, {}}),
        now));
    return;
  }
  const auto user = users_.find(asking.mapped().aor);
  if (user == users_.end()) return;
  Entry& entry = *user->second;
  --entry.asking;
  settle(entry, authenticator_.accepted(job, std::move(result), now),
         std::move(asking.mapped().incoming), now);
  schedule(entry, now);
}

void Core::settle(Entry& entry, auth::Verdict verdict, Incoming incoming, Time now) {
  std::visit(Overloaded{
                 [&](auth::Passed& passed) { pass(entry, passed, std::move(incoming), now); },
                 [&](auth::Challenge& unmet) { challenge(entry, unmet, incoming); },
                 [&](auth::Drop& drop) {
                   log(Log::Level::warning, "message dropped", entry, incoming.request,
                       incoming.origin.flow, drop.reason);
                   outputs_.emplace_back(Forget{incoming.origin});
                 },
                 [&](auth::Pending&) {},
                 [&](auth::Refuse& refused) { refuse(entry, refused, incoming); },
             },
             verdict);
}

/// What a Digest login cannot be right for, whatever its password: for the log alone, since nobody
/// is told who there is.
std::string Core::account_trouble(const Entry& entry, const sip::Message& request) const {
  const auth::Credentials presented = auth::credentials(request);
  const auto all = std::span(presented.values).first(presented.count);
  const auto with = [all](std::string_view scheme) {
    return std::ranges::find_if(
        all, [scheme](const auto& each) { return equal_ignoring_case(each.scheme, scheme); });
  };
  const auto digest = with("Digest");
  const bool is_ntlm = digest == all.end() && with("NTLM") != all.end();
  if (digest == all.end() && !is_ntlm) return {};
  const std::string& aor = entry.aor.value;
  if (digest != all.end()) {
    const std::string user = to_lower(digest->params.find("username").value_or(""));
    if (user != aor) return "; the user name is " + user + ", but From is " + aor;
  }
  const std::string domain = aor.substr(aor.rfind('@') + 1);
  if (std::ranges::find(settings_.domains, domain) == settings_.domains.end())
    return "; " + domain + " is no domain of this server";
  if (entry.state != Entry::State::ready) return {};
  const std::optional<store::Account>& account = entry.user.account;
  if (!account) return "; there is no user " + aor;
  if (!account->enabled) return "; " + aor + " is disabled";
  if (is_ntlm ? account->nt_hash.empty() : account->ha1_md5.empty() && account->ha1_sha256.empty())
    return "; " + aor + " has no password" +
           (is_ntlm ? " since NTLM was switched on; kithctl user passwd sets one" : "");
  return {};
}

void Core::challenge(Entry& entry, const auth::Challenge& challenge, const Incoming& incoming) {
  if (!challenge.cause.empty())
    log(Log::Level::warning, "login refused", entry, incoming.request, incoming.origin.flow,
        challenge.cause + account_trouble(entry, incoming.request));
  sip::Message response = answer(incoming.request, 401, {}, random_);
  challenge.write_to(response);
  respond(incoming.origin, std::move(response));
}

void Core::refuse(Entry& entry, const auth::Refuse& refuse, const Incoming& incoming) {
  log(Log::Level::warning, "request refused", entry, incoming.request, incoming.origin.flow,
      refuse.cause.empty() ? refuse.text : refuse.cause);
  sip::Message response = answer(incoming.request, refuse.status, refuse.text, random_);
  if (refuse.status == 400 && is_nameless(incoming.request))
    add(response, diagnostics::no_endpoint, settings_);  // SIP-REG-07
  if (refuse.retry_after) response.add("Retry-After", std::to_string(*refuse.retry_after / 1s));
  respond(incoming.origin, std::move(response));
}

void Core::pass(Entry& entry, const auth::Passed& passed, Incoming incoming, Time now) {
  const std::optional<store::Account>& account = entry.user.account;
  if (entry.state == Entry::State::ready && (!account || !account->enabled)) {
    authenticator_.forget(sip::Aor(entry.aor));  // the association outlived the account
    examine(entry, std::move(incoming), now);
    return;
  }
  const Flow& flow = incoming.origin.flow;
  outputs_.emplace_back(FlowAuthenticated{flow});
  const auto from = incoming.request.view<sip::From>();
  std::string epid;
  if (from && *from) epid = to_lower((*from)->epid().value_or(std::string_view{}));
  Caller caller{
      .aor = passed.who, .device = passed.association, .epid = std::move(epid), .flow = flow};
  if (is_stream(flow.transport)) flows_[flow.id].insert(entry.aor);
  const bool crowded = entry.held.size() >= limits::held_per_user_max || held_ >= limits::held_max;
  if (crowded || entry.state != Entry::State::ready) {  // not held: what is held has a bound
    answer_signed(entry, incoming, caller.device, try_later(incoming.request, random_), now);
    return;
  }
  Outcome outcome = dispatch(entry, {incoming.request, caller, settings_, random_, now});
  if (outcome.reply.status() == 513) too_large(entry, incoming.origin.flow);
  hold(entry, std::move(incoming), std::move(caller), std::move(outcome), now);
}

Outcome Core::dispatch(Entry& entry, const Request& request) {
  if (std::optional<Outcome> unmet = unmet_requirement(request)) return *std::move(unmet);
  if (std::optional<Outcome> wrong = faulty_contact(request)) return *std::move(wrong);
  const std::string_view method = request.message.method();
  if (method == "REGISTER") return registrar::handle(entry.user, request);
  if (method == "SUBSCRIBE") return subscribe(entry.user, request);
  if (method == "SERVICE") return contact_lists::operate(entry.user, request);
  if (method == "OPTIONS") return options(request);
  Outcome outcome = refuse_with(request, 405);
  outcome.reply.add("Allow", methods_served);
  return outcome;
}

// ---- What it says -------------------------------------------------------------------------------

Time Core::next_deadline() const {
  const Time users = deadlines_.empty() ? never : deadlines_.begin()->first;
  return std::min(users, authenticator_.next_deadline());
}

std::optional<Output> Core::poll() {
  if (outputs_.empty()) return std::nullopt;
  Output output = std::move(outputs_.front());
  outputs_.pop_front();
  return output;
}

void Core::respond(const Origin& origin, sip::Message response) {
  outputs_.emplace_back(Respond{origin, std::move(response)});
}

void Core::log(Log::Level level, std::string_view event, const Entry& entry, std::string error) {
  outputs_.emplace_back(Log{level, event, entry.aor, {}, {}, std::move(error)});
}

void Core::log(Log::Level level, std::string_view event, const Entry& entry,
               const sip::Message& message, const Flow& flow, std::string error) {
  std::string call_id;
  if (const auto header = message.view<sip::CallId>(); header && *header)
    call_id = (*header)->value;
  outputs_.emplace_back(Log{level, event, entry.aor, std::move(call_id), flow, std::move(error)});
}

std::optional<UserView> Core::user(const sip::Aor& aor) const {
  const auto found = users_.find(aor);
  if (found == users_.end() || found->second->state != Entry::State::ready) return std::nullopt;
  const User& user = found->second->user;
  return UserView{user.account.has_value(), user.list, user.devices, user.subscriptions.size()};
}

Statistics& Statistics::operator+=(const Statistics& more) {
  users += more.users;
  devices += more.devices;
  subscriptions += more.subscriptions;
  associations += more.associations;
  flows += more.flows;
  held += more.held;
  requests += more.requests;
  refused_by_store += more.refused_by_store;
  notifications += more.notifications;
  too_large += more.too_large;
  return *this;
}

Statistics Core::statistics() const {
  Statistics statistics = statistics_;
  statistics.users = users_.size();
  statistics.held = held_;
  statistics.flows = flows_.size();
  statistics.associations = authenticator_.associations().size();
  for (const auto& [aor, entry] : users_) {
    statistics.devices += entry->user.devices.size();
    statistics.subscriptions += entry->user.subscriptions.size();
  }
  return statistics;
}

}  // namespace kith::service
