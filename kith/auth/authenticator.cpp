#include "kith/auth/authenticator.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <span>
#include <utility>

#include "kith/auth/limits.h"
#include "kith/auth/parameters.h"
#include "kith/auth/schemes.h"
#include "kith/base/overloaded.h"
#include "kith/base/text.h"
#include "kith/crypto/base64.h"
#include "kith/sip/header/authorization.h"
#include "kith/sip/header/date.h"
#include "kith/sip/header/from.h"

namespace kith::auth {

namespace {

constexpr Duration retry_soon = 5s;

bool is_silent(std::string_view method) { return method == "ACK" || method == "CANCEL"; }

/// Another account than From's, or none: nobody is told which.
Refuse not_yours(std::string cause) {
  return {.status = 403, .text = "From Is Not Your Address", .cause = std::move(cause)};
}

Refuse busy(std::string cause, Duration retry_after = retry_soon) {
  return {.status = 503,
          .text = "Too Many Sign-Ins",
          .retry_after = retry_after,
          .cause = std::move(cause)};
}

/// The scheme's own name where a header's would be as good: for values that outlive the message.
std::string challenge_value(const HandshakeScheme& scheme, const Realm& realm,
                            std::string_view more = {}) {
  std::string value(scheme.name());
  value.append(" realm=\"").append(realm.realm);
  value.append("\", targetname=\"").append(scheme.targetname(realm)).append("\"").append(more);
  if (realm.version != SignatureVersion::v2)
    value.append(", version=").append(std::to_string(static_cast<int>(realm.version)));
  return value;
}

/// The version that credentials with a token say; nothing if it cannot be accepted.
std::optional<SignatureVersion> version_of(const sip::AuthParamsView& params, const Realm& realm) {
  const std::optional<SignatureVersion> version = signature_version(params.find("version"));
  if (!version || *version > realm.version) return std::nullopt;
  if (*version < realm.version && !realm.accept_older_versions) return std::nullopt;
  return version;
}

DigestCredentials digest_credentials(const sip::AuthParamsView& params) {
  const auto find = [&params](std::string_view name) {
    return params.find(name).value_or(std::string_view{});
  };
  return {.username = find("username"),
          .realm = find("realm"),
          .nonce = find("nonce"),
          .uri = find("uri"),
          .response = find("response"),
          .algorithm = find("algorithm"),
          .qop = find("qop"),
          .nc = find("nc"),
          .cnonce = find("cnonce")};
}

}  // namespace

struct Authenticator::Presented {
  std::string_view scheme;
  sip::AuthParamsView params;
  const HandshakeScheme* handshake = nullptr;  // none: Digest
  std::string_view realm;
  std::string_view targetname;
};

void Challenge::write_to(sip::Message& response) const {
  for (const std::string& value : values) response.add("WWW-Authenticate", value);
  response.set(sip::Date{date});
}

Authenticator::Authenticator(const Realm& realm, const Accounts& accounts, Random& random)
    : Authenticator(realm, handshake_schemes(realm), accounts, random) {}

Authenticator::Authenticator(Realm realm, std::vector<std::unique_ptr<HandshakeScheme>> schemes,
                             const Accounts& accounts, Random& random)
    : realm_(std::move(realm)), accounts_(accounts), random_(random), schemes_(std::move(schemes)) {
  if (realm_.digest) digest_.emplace(realm_, random_);
}

Verdict Authenticator::check(const sip::Message& request, const Address& source, Time now) {
  Verdict verdict = offer_digest(check_credentials(request, source, now), source_of(source), now);
  // AE §3.3.5.1: an ACK or a CANCEL is never answered.
  if (is_silent(request.method()) && !std::holds_alternative<Passed>(verdict) &&
      !std::holds_alternative<Drop>(verdict))
    return Drop{std::string(request.method()) + " without valid credentials"};
  return verdict;
}

Verdict Authenticator::check_credentials(const sip::Message& request, const Address& source,
                                         Time now) {
  const Credentials found = credentials(request);
  if (found.malformed) return Refuse{.status = 400, .text = "Malformed Authorization"};
  const std::optional<Presented> presented = choose(found);
  if (!presented)
    return challenge(now, found.count == 0 ? "" : "credentials for another realm or scheme");
  if (presented->handshake == nullptr) return check_digest(*presented, request, source, now);
  if (const auto qop = presented->params.find("qop"); qop && *qop != "auth")
    return challenge(now, "qop is not auth");
  std::expected<SaRef, std::string_view> device = endpoint_of(request);
  if (!device) return Refuse{.status = 400, .text = std::string(device.error())};
  return presented->params.has("gssapi-data")
             ? check_handshake(*presented, std::move(*device), request, source, now)
             : check_signed(*presented, std::move(*device), request, now);
}

std::optional<Authenticator::Presented> Authenticator::choose(const Credentials& found) const {
  const auto all = std::span(found.values).first(found.count);
  for (const auto& scheme : schemes_) {
    for (const sip::AuthorizationView& value : all) {
      if (!equal_ignoring_case(value.scheme, scheme->name())) continue;
      const std::string_view realm = value.params.find("realm").value_or(std::string_view{});
      const std::string_view target = value.params.find("targetname").value_or(std::string_view{});
      if (realm != realm_.realm || target != scheme->targetname(realm_)) continue;
      return Presented{.scheme = value.scheme,
                       .params = value.params,
                       .handshake = scheme.get(),
                       .realm = realm,
                       .targetname = target};
    }
  }
  if (!digest_) return std::nullopt;
  for (const sip::AuthorizationView& value : all)
    if (equal_ignoring_case(value.scheme, "Digest") &&
        value.params.find("realm") == realm_.digest_realm)
      return Presented{.scheme = value.scheme,
                       .params = value.params,
                       .handshake = nullptr,
                       .realm = realm_.digest_realm,
                       .targetname = {}};
  return std::nullopt;
}

Verdict Authenticator::check_signed(const Presented& presented, SaRef device,
                                    const sip::Message& request, Time now) {
  Association* association = associations_.find(device, now);
  const std::optional<std::string_view> opaque = presented.params.find("opaque");
  if (association == nullptr || !equal_ignoring_case(association->scheme, presented.scheme))
    return challenge(now, "no security association for this device");
  // An association of before a restart, or of before another sign-in: its keys are not these.
  if (opaque && *opaque != association->opaque)
    return challenge(now, "the security association is another one by now");
  const std::optional<ClientSignature> signature = client_signature(presented.params);
  if (!signature) return Drop{"the signature is missing or malformed"};
  buffer_.clear();
  append_signature_buffer(buffer_, association->version,
                          {.scheme = presented.scheme,
                           .rand = signature->rand,
                           .num = signature->num,
                           .realm = presented.realm,
                           .targetname = presented.targetname},
                          request);
  if (!association->context->verify(buffer_, signature->mic)) return Drop{"the signature is wrong"};
  if (!association->client_numbers.accept(signature->number))
    return Drop{"a replay: cnum was used before or is below the window"};
  associations_.used(*association, now);
  sip::Aor who = device.aor;
  return Passed{.who = std::move(who), .association = std::move(device)};
}

Verdict Authenticator::check_handshake(const Presented& presented, SaRef device,
                                       const sip::Message& request, const Address& source,
                                       Time now) {
  if (is_silent(request.method())) return Drop{"a handshake in a request that has no answer"};
  if (failures_.too_many(source, now))
    return busy("too many failed logins from this source", failures_.until(source) - now);
  const std::optional<SignatureVersion> version = version_of(presented.params, realm_);
  if (!version) return challenge(now, "another version than the one offered");
  const std::string_view text = presented.params.find("gssapi-data").value_or(std::string_view{});
  if (text.size() > limits::token_bytes_max / 3 * 4) return challenge(now, "token too long");
  const std::optional<std::string> token = crypto::base64_decode(text);
  if (!token) {
    failures_.count(source, now);
    return challenge(now, "gssapi-data is not base64");
  }

  std::optional<JobId> id =
      half_open(device, presented.params.find("opaque").value_or(std::string_view{}), now);
  if (!id) {
    if (handshakes_.size() >= limits::handshakes_max) return busy("too many handshakes");
    if (handshakes_of(source) >= limits::handshakes_per_source_max)
      return busy("too many handshakes from this source");
    id = JobId{++last_job_};
    Half& half = handshakes_[*id];
    half.handshake = presented.handshake->begin(accounts_);
    half.scheme = presented.handshake;
    half.device = std::move(device);
    half.source = source_of(source);
    half.opaque = fresh_opaque();
    half.deadline = now + limits::handshake_lifetime;
  }
  Half& half = handshakes_.at(*id);
  half.version = *version;
  half.scheme_text = presented.scheme;
  half.signature.reset();
  if (const std::optional<ClientSignature> signature = client_signature(presented.params))
    half.signature = {.buffer = signature_buffer(half.version,
                                                 {.scheme = presented.scheme,
                                                  .rand = signature->rand,
                                                  .num = signature->num,
                                                  .realm = presented.realm,
                                                  .targetname = presented.targetname},
                                                 request),
                      .mic = signature->mic,
                      .number = signature->number};
  return advance(*id, half.handshake->token(*token, now, random_), now);
}

Verdict Authenticator::check_digest(const Presented& presented, const sip::Message& request,
                                    const Address& source, Time now) {
  if (failures_.too_many(source, now))
    return busy("too many failed logins from this source", failures_.until(source) - now);
  const Result<std::optional<sip::FromView>> from = request.view<sip::From>();
  const std::optional<sip::Aor> aor =
      from && *from ? address_of_record((*from)->uri) : std::nullopt;
  if (!aor) return Refuse{.status = 400, .text = "Bad From"};
  const auto result = digest_->check(digest_credentials(presented.params), request.method(),
                                     request.request_uri(), accounts_, source_of(source), now);
  if (const auto* failure = std::get_if<DigestFailure>(&result)) {
    if (failure->kind == DigestFailure::Kind::wrong) failures_.count(source, now);
    return challenge(now, "Digest: " + std::string(failure->cause),
                     failure->kind == DigestFailure::Kind::stale ? Stale::yes : Stale::no);
  }
  const sip::Aor& who = std::get<sip::Aor>(result);
  if (who != *aor) return not_yours("Digest: " + who.value + " may not speak for " + aor->value);
  return Passed{.who = who, .association = {}};
}

std::optional<AcceptJob> Authenticator::poll() {
  if (jobs_.empty()) return std::nullopt;
  AcceptJob job = std::move(jobs_.front());
  jobs_.pop_front();
  return job;
}

Verdict Authenticator::accepted(JobId job, AcceptResult result, Time now) {
  const auto found = handshakes_.find(job);
  if (found == handshakes_.end() || found->second.deadline <= now) {
    if (found != handshakes_.end()) handshakes_.erase(found);
    return busy("the handshake was given up before its answer came");
  }
  const Address source = found->second.source;
  return offer_digest(advance(job, found->second.handshake->accepted(std::move(result)), now),
                      source, now);
}

Verdict Authenticator::advance(JobId id, Step step, Time now) {
  return std::visit(
      Overloaded{
          [&](Accepted& accepted) { return established(id, std::move(accepted), now); },
          [&](Continue& next) -> Verdict {
            Half& half = handshakes_.at(id);
            half.waits_for_client = true;
            const std::string more = ", opaque=\"" + half.opaque + "\", gssapi-data=\"" +
                                     crypto::base64_encode(next.token) + '"';
            return Challenge{.values = {challenge_value(*half.scheme, realm_, more)},
                             .date = now,
                             .cause = {},
                             .goes_on = true};
          },
          [&](AskWorld& ask) -> Verdict {
            handshakes_.at(id).waits_for_client = false;
            jobs_.push_back({.id = id, .token = std::move(ask.token)});
            return Pending{id};
          },
          [&](AcceptFailure& failure) { return handshake_failed(id, failure, now); },
      },
      step);
}

Verdict Authenticator::established(JobId id, Accepted accepted, Time now) {
  auto node = handshakes_.extract(id);
  Half& half = node.mapped();
  const std::optional<sip::Aor> account =
      accepted.account ? accepted.account : accounts_.account_of(accepted.principal);
  if (!account || *account != half.device.aor)
    return not_yours(accepted.principal + (account ? " may not speak for " : " has no account; ") +
                     half.device.aor.value);
  Association association;
  association.context = std::move(accepted.context);
  association.scheme = std::move(half.scheme_text);
  association.realm = realm_.realm;
  association.targetname = half.scheme->targetname(realm_);
  association.opaque = std::move(half.opaque);
  association.version = half.version;
  // A ticket that ends ends the association, once clocks as far apart as allowed agree on it.
  constexpr Duration skew = 5min;
  association.ends = accepted.expires < never - skew ? accepted.expires + skew : never;
  if (half.version == SignatureVersion::v4) {
    if (!half.signature) return challenge(now, "version 4, but its first message is not signed");
    if (!association.context->verify(half.signature->buffer, half.signature->mic))
      return Drop{"the signature of the first message is wrong"};
    if (!association.client_numbers.accept(half.signature->number))
      return Drop{"the first message has cnum 0"};
  }
  if (!associations_.put(half.device, std::move(association), now))
    return busy("too many security associations");
  sip::Aor who = half.device.aor;
  return Passed{.who = std::move(who), .association = std::move(half.device)};
}

Verdict Authenticator::handshake_failed(JobId id, const AcceptFailure& failure, Time now) {
  using enum AcceptFailure::Kind;
  const auto node = handshakes_.extract(id);
  const Half& half = node.mapped();
  std::string cause(half.scheme->name());
  cause.append(": ").append(to_string(failure.kind));
  if (!failure.detail.empty()) cause.append(": ").append(failure.detail);
  if (failure.kind == bad_token || failure.kind == replay || failure.kind == wrong_password)
    failures_.count(half.source, now);
  if (failure.kind == unavailable)
    return Refuse{.status = 503,
                  .text = "Sign-In Unavailable",
                  .retry_after = retry_soon,
                  .cause = std::move(cause)};
  return challenge(now, std::move(cause));
}

bool Authenticator::sign(const SaRef& device, sip::Message& message, Time now) {
  Association* association = associations_.find(device, now);
  if (association == nullptr) return false;
  std::string mic;
  std::string rand;
  std::string num;
  if (association->server_number < std::numeric_limits<std::uint32_t>::max()) {
    rand = upper_hex(random_, 4);
    num = std::to_string(++association->server_number);
    buffer_.clear();
    append_signature_buffer(buffer_, association->version,
                            {.scheme = association->scheme,
                             .rand = rand,
                             .num = num,
                             .realm = association->realm,
                             .targetname = association->targetname},
                            message);
    mic = association->context->mic(buffer_);
  }
  if (mic.empty()) {  // out of numbers, or the context has ended: the client signs in again
    associations_.remove(device);
    return false;
  }
  std::string value(association->scheme);
  value.append(" rspauth=\"").append(upper_hex(mic));
  value.append("\", srand=\"").append(rand).append("\", snum=\"").append(num);
  value.append("\", opaque=\"").append(association->opaque).append("\", qop=\"auth\"");
  value.append(", targetname=\"").append(association->targetname);
  value.append("\", realm=\"").append(association->realm).append("\"");
  message.remove("Authentication-Info");
  message.add("Authentication-Info", value);
  return true;
}

std::vector<SaRef> Authenticator::forget(const sip::Aor& user) {
  std::erase_if(handshakes_, [&](const auto& entry) { return entry.second.device.aor == user; });
  return associations_.remove_user(user);
}

std::vector<SaRef> Authenticator::tick(Time now) {
  std::erase_if(handshakes_, [now](const auto& entry) { return entry.second.deadline <= now; });
  if (now < associations_.next_deadline()) return {};
  return associations_.expire(now);
}

Time Authenticator::next_deadline() const {
  // All handshakes have the same time, so the oldest ends first.
  const Time handshake = handshakes_.empty() ? never : handshakes_.begin()->second.deadline;
  return std::min(handshake, associations_.next_deadline());
}

Challenge Authenticator::challenge(Time now, std::string cause, Stale stale) const {
  Challenge challenge{.values = {}, .date = now, .cause = std::move(cause), .stale = stale};
  for (const auto& scheme : schemes_) challenge.values.push_back(challenge_value(*scheme, realm_));
  return challenge;
}

/// Digest comes after the other schemes, with a nonce for whoever asked.
Verdict Authenticator::offer_digest(Verdict verdict, const Address& source, Time now) const {
  auto* const challenge = std::get_if<Challenge>(&verdict);
  if (challenge == nullptr || challenge->goes_on || !digest_) return verdict;
  auto [sha256, md5] = digest_->challenges(challenge->stale, source, now, random_);
  challenge->values.push_back(std::move(sha256));
  challenge->values.push_back(std::move(md5));
  return verdict;
}

std::optional<JobId> Authenticator::half_open(const SaRef& device, std::string_view opaque,
                                              Time now) const {
  if (opaque.empty()) return std::nullopt;
  const auto found = std::ranges::find_if(handshakes_, [&](const auto& entry) {
    const Half& half = entry.second;
    return half.waits_for_client && half.opaque == opaque && half.device == device &&
           now < half.deadline;
  });
  return found == handshakes_.end() ? std::nullopt : std::optional(found->first);
}

std::size_t Authenticator::handshakes_of(const Address& source) const {
  const Address key = source_of(source);
  return static_cast<std::size_t>(std::ranges::count_if(
      handshakes_, [&](const auto& entry) { return entry.second.source == key; }));
}

std::string Authenticator::fresh_opaque() { return upper_hex(random_, 4); }

}  // namespace kith::auth
