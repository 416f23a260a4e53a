#include "kith/auth/answers.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "kith/auth/limits.h"
#include "kith/base/text.h"
#include "kith/sip/header/authentication_info.h"
#include "kith/sip/header/authorization.h"
#include "kith/sip/header/cseq.h"
#include "kith/sip/header/from.h"
#include "kith/sip/uri.h"

namespace kith::auth {

namespace {

using enum Unanswered::Reason;

constexpr std::uint32_t cseq_max = (1U << 31) - 1;  // RFC 3261 §8.1.1.5

bool can_be_challenged(const sip::Message& request) {
  return request.is_request() && request.method() != "ACK" && request.method() != "CANCEL";
}

std::optional<sip::AuthorizationView> digest_credentials(std::string_view line) {
  Scanner in(line);
  const std::optional<sip::AuthorizationView> value = sip::AuthorizationView::parse(in);
  return value && equal_ignoring_case(value->scheme, "Digest") ? value : std::nullopt;
}

bool is_for(const sip::AuthorizationView& value, std::string_view realm) {
  return sip::unquote(value.realm().value_or("")) == realm;
}

/// The Digest credentials of a request for servers or for proxies; views into it.
std::vector<sip::AuthorizationView> carried(const sip::Message& request, Challenger challenger) {
  std::vector<sip::AuthorizationView> found;
  for (const std::string_view line : request.texts(credentials_header(challenger)))
    if (const auto value = digest_credentials(line)) found.push_back(*value);
  return found;
}

void take_out(sip::Message& request, Challenger challenger, std::string_view realm) {
  for (std::size_t i = request.field_count(); i-- > 0;) {
    const sip::Field field = request.field(i);
    if (!equal_ignoring_case(field.name, credentials_header(challenger))) continue;
    const auto value = digest_credentials(field.value);
    if (value && is_for(*value, realm)) request.remove_line(i);
  }
}

bool has_controls(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; });
}

std::optional<sip::CSeq> next_cseq(const sip::Message& request) {
  Result<std::optional<sip::CSeq>> cseq = request.get<sip::CSeq>();
  if (!cseq || !*cseq || (*cseq)->sequence >= cseq_max) return std::nullopt;
  ++(*cseq)->sequence;
  return std::move(*cseq);
}

std::string_view info_header(Challenger challenger) {
  return challenger == Challenger::proxy ? "Proxy-Authentication-Info" : "Authentication-Info";
}

}  // namespace

std::string_view to_string(Unanswered::Reason reason) {
  switch (reason) {
    case no_challenge:
      return "the server offers no way to sign in that this login can use";
    case not_repeatable:
      return "the request cannot be sent again";
    case no_login:
      return "no user name and password are known for this realm";
    case refused:
      return "the server refused the user name or the password";
    case always_stale:
      return "the server calls each of its nonces stale";
    case too_many:
      return "the server asks for credentials again and again";
  }
  std::unreachable();
}

/// The challenges of one realm, in the order in which they came.
struct Answers::Realm {
  Challenger challenger = Challenger::server;
  std::string name;
  std::vector<DigestChallenge> offers;

  bool stale() const {
    return std::ranges::any_of(offers, [](const auto& offer) { return offer.stale; });
  }
  bool same(const auto& other) const {
    return challenger == other.challenger && name == other.name;
  }

  bool carried_by(const sip::Message& request) const {
    return std::ranges::any_of(carried(request, challenger),
                               [&](const auto& value) { return is_for(value, name); });
  }

  static std::vector<Realm> of(const sip::Message& response, DigestAlgorithm weakest) {
    std::vector<Realm> realms;
    for (DigestChallenge& challenge : digest_challenges(response)) {
      if (challenge.variant.hash < weakest) continue;
      Realm realm{.challenger = challenge.challenger, .name = challenge.realm(), .offers = {}};
      const auto known = [&](const Realm& other) { return realm.same(other); };
      auto found = std::ranges::find_if(realms, known);
      if (found == realms.end()) found = realms.insert(realms.end(), std::move(realm));
      found->offers.push_back(std::move(challenge));
    }
    return realms;
  }
};

std::expected<Answer, Unanswered> Answers::answer(const sip::Message& request,
                                                  const sip::Message& response, Attempt& attempt,
                                                  const Logins& logins, Random& random) {
  const std::optional<sip::CSeq> cseq = next_cseq(request);
  if (!cseq) return std::unexpected(Unanswered{.reason = not_repeatable});
  auto without = challenged(request, response, attempt, logins);
  if (!without) return std::unexpected(std::move(without.error()));
  Answer answer{.request = request, .without_login = std::move(*without)};
  answer.request.set(*cseq);
  authorize(answer.request, random);
  return answer;
}

std::expected<std::vector<std::string>, Unanswered> Answers::challenged(
    const sip::Message& request, const sip::Message& response, Attempt& attempt,
    const Logins& logins) {
  if (!can_be_challenged(request)) return std::unexpected(Unanswered{.reason = not_repeatable});
  if (response.status() != 401 && response.status() != 407)
    return std::unexpected(Unanswered{.reason = no_challenge});
  const std::vector<Realm> realms = Realm::of(response, policy_.weakest);
  if (realms.empty()) return std::unexpected(Unanswered{.reason = no_challenge});
  std::vector<std::string> without;
  std::vector<ProtectionSpace> learnt;
  Attempt after = attempt;
  for (const Realm& realm : realms) {
    const bool again = realm.carried_by(request);
    if (const auto reason = again ? refusal(realm, request, after) : std::nullopt) {
      forget(realm, request);
      return std::unexpected(Unanswered{.reason = *reason, .realm = realm.name});
    }
    if (std::optional<ProtectionSpace> space = learn(realm, request, logins)) {
      learnt.push_back(std::move(*space));
      note(realm, again, after);
    } else {
      without.push_back(realm.name);
    }
  }
  if (learnt.empty())
    return std::unexpected(Unanswered{.reason = no_login, .realm = without.front()});
  if (++after.turns > limits::turns_max || after.answered.size() > limits::request_credentials_max)
    return std::unexpected(Unanswered{.reason = too_many});
  attempt = std::move(after);
  for (ProtectionSpace& space : learnt) keep(std::move(space), request);
  return without;
}

/// Why credentials that a request carried are not to be tried again with another nonce. The same
/// password is not sent twice, unless the nonce alone was at fault: the server says so, or what was
/// refused had a nonce of an earlier request, which some let expire without a word.
/// RFC 3261 §22.1
std::optional<Unanswered::Reason> Answers::refusal(const Realm& realm, const sip::Message& request,
                                                   const Attempt& attempt) {
  const auto known =
      std::ranges::find_if(attempt.answered, [&](const auto& other) { return realm.same(other); });
  const bool answered = known != attempt.answered.end();
  if (realm.stale()) {
    if (answered && known->stale_answers >= limits::stale_answers_max) return always_stale;
    return std::nullopt;
  }
  if (answered) return refused;
  const auto same_nonce = [&](const DigestChallenge& offer) {
    return std::ranges::any_of(carried(request, realm.challenger), [&](const auto& value) {
      return is_for(value, realm.name) && value.nonce() == offer.nonce_text;
    });
  };
  if (std::ranges::any_of(realm.offers, same_nonce)) return refused;
  return std::nullopt;
}

void Answers::note(const Realm& realm, bool again, Attempt& attempt) {
  auto found =
      std::ranges::find_if(attempt.answered, [&](const auto& other) { return realm.same(other); });
  if (found == attempt.answered.end())
    found = attempt.answered.insert(found, {.challenger = realm.challenger, .name = realm.name});
  if (again && realm.stale()) ++found->stale_answers;
}

std::optional<ProtectionSpace> Answers::learn(const Realm& realm, const sip::Message& request,
                                              const Logins& logins) const {
  // The strongest that this login can answer, and what else is of its kind.
  const auto with = [&](Login login) -> std::optional<ProtectionSpace> {
    std::optional<DigestVariant> best;
    for (const DigestChallenge& offer : realm.offers)
      if ((!best || offer.variant.hash > best->hash) &&
          login.verifier(offer.variant.hash, realm.name))
        best = offer.variant;
    if (!best || has_controls(login.username)) return std::nullopt;
    ProtectionSpace space{.challenger = realm.challenger,
                          .realm = realm.name,
                          .login = std::move(login),
                          .call_id = std::string(request.text("Call-ID")),
                          .target = server_of(request.request_uri()),
                          .domain = {}};
    for (const DigestChallenge& offer : realm.offers) {
      if (offer.variant != *best || space.nonces.size() == limits::request_credentials_max)
        continue;
      if (space.nonces.empty()) space.domain = offer.domain;
      space.nonces.emplace_back(offer, *space.login.verifier(best->hash, realm.name));
    }
    return space;
  };
  // Nobody is asked for what was right: only the nonce was too old.
  if (const ProtectionSpace* known = realm.stale() ? find(realm, request) : nullptr)
    if (std::optional<ProtectionSpace> space = with(known->login)) return space;
  std::optional<sip::Aor> user;
  if (const auto from = request.view<sip::From>(); from && *from)
    user = address_of_record((*from)->uri);
  std::optional<Login> login = logins.login({.challenger = realm.challenger,
                                             .realm = realm.name,
                                             .target = request.request_uri(),
                                             .user = user ? user->value : std::string_view{}});
  return login ? with(std::move(*login)) : std::nullopt;
}

void Answers::authorize(sip::Message& request, Random& random) {
  if (!can_be_challenged(request)) return;
  // What is used goes to the end, and so the latest of a realm is the last.
  const auto is_used = [&](const ProtectionSpace& space) {
    return space.covers(request, policy_.same_proxies);
  };
  std::vector<ProtectionSpace> latest;
  std::ranges::copy_if(spaces_, std::back_inserter(latest), is_used);
  std::erase_if(spaces_, is_used);
  const auto used = spaces_.insert(spaces_.end(), std::make_move_iterator(latest.begin()),
                                   std::make_move_iterator(latest.end()));
  std::size_t count = 0;
  for (auto space = spaces_.end(); space != used;) {
    --space;
    const bool superseded = std::any_of(space + 1, spaces_.end(), [&](const auto& later) {
      return later.challenger == space->challenger && later.realm == space->realm;
    });
    if (superseded) continue;
    take_out(request, space->challenger, space->realm);
    for (DigestNonce& nonce : space->nonces) {
      if (count == limits::request_credentials_max) break;
      const std::string value =
          nonce.credentials(request, space->login.username, policy_.qop, random);
      if (value.empty()) continue;
      request.add(credentials_header(space->challenger), value);
      ++count;
    }
  }
}

Proof Answers::check(const sip::Message& request, const sip::Message& response) {
  if (response.status() < 200 || response.status() == 401 || response.status() == 407)
    return Proof::none;
  Proof proof = Proof::none;
  for (const Challenger challenger : {Challenger::server, Challenger::proxy}) {
    for (const std::string_view line : response.texts(info_header(challenger))) {
      Scanner in(line);
      const auto info = sip::AuthenticationInfoView::parse(in);
      if (!info || (!info->scheme.empty() && !equal_ignoring_case(info->scheme, "Digest")))
        continue;
      const Proof here = check_info(challenger, *info, request, response);
      if (here != Proof::none && proof != Proof::forged) proof = here;
    }
  }
  return proof;
}

/// It does not say whose it is: it is that of the credentials whose proof it has, or of the only
/// ones.
Proof Answers::check_info(Challenger challenger, const sip::AuthenticationInfoView& info,
                          const sip::Message& request, const sip::Message& response) {
  const std::vector<sip::AuthorizationView> sent = carried(request, challenger);
  DigestNonce* speaker = nullptr;
  bool could_check = false;
  for (const sip::AuthorizationView& value : sent) {
    DigestNonce* const nonce = nonce_of(value, challenger, request);
    if (nonce == nullptr) continue;
    could_check = true;
    if (info.rspauth() ? nonce->proves(info.params, value, response) : sent.size() == 1)
      speaker = nonce;
  }
  if (speaker != nullptr) speaker->follow(info.nextnonce().value_or(""));
  if (!info.rspauth() || !could_check) return Proof::none;
  return speaker != nullptr ? Proof::genuine : Proof::forged;
}

/// The nonce that credentials were made for, or the one that has followed it: the key is the same,
/// but in a session, whose key may have been another.
DigestNonce* Answers::nonce_of(const sip::AuthorizationView& sent, Challenger challenger,
                               const sip::Message& request) {
  DigestNonce* found = nullptr;
  for (ProtectionSpace& space : spaces_) {
    if (space.challenger != challenger || !is_for(sent, space.realm) ||
        !space.covers(request, policy_.same_proxies))
      continue;
    for (DigestNonce& nonce : space.nonces) {
      if (nonce.challenge().nonce_text == sent.nonce()) return &nonce;
      if (nonce.challenge().variant == digest_variant(sent.algorithm().value_or("MD5")) &&
          !nonce.challenge().variant.session)
        found = &nonce;
    }
  }
  return found;
}

const ProtectionSpace* Answers::find(const Realm& realm, const sip::Message& request) const {
  const auto found = std::find_if(spaces_.rbegin(), spaces_.rend(), [&](const auto& space) {
    return space.challenger == realm.challenger && space.realm == realm.name &&
           space.covers(request, policy_.same_proxies);
  });
  return found == spaces_.rend() ? nullptr : &*found;
}

void Answers::forget(const Realm& realm, const sip::Message& request) {
  std::erase_if(spaces_, [&](const auto& space) {
    return space.challenger == realm.challenger && space.realm == realm.name &&
           space.covers(request, policy_.same_proxies);
  });
}

void Answers::keep(ProtectionSpace space, const sip::Message& request) {
  forget({.challenger = space.challenger, .name = space.realm, .offers = {}}, request);
  if (spaces_.size() == limits::protection_spaces_max) spaces_.erase(spaces_.begin());
  spaces_.push_back(std::move(space));
}

void Answers::forget_call(std::string_view call_id) {
  std::erase_if(spaces_, [&](const auto& space) {
    return space.challenger == Challenger::proxy && space.call_id == call_id &&
           !policy_.same_proxies;
  });
}

void repeat_credentials(const sip::Message& invite, sip::Message& ack) {
  for (const Challenger challenger : {Challenger::server, Challenger::proxy}) {
    const std::string_view header = credentials_header(challenger);
    ack.remove(header);
    for (const std::string_view value : invite.texts(header)) ack.add(header, value);
  }
}

}  // namespace kith::auth
