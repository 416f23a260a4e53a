#include "kith/auth/scheme/ntlm.h"

#include <optional>
#include <span>
#include <utility>

#include "kith/auth/scheme/ntlm/context.h"
#include "kith/auth/scheme/ntlm/flags.h"
#include "kith/auth/scheme/ntlm/keys.h"
#include "kith/auth/scheme/ntlm/utf16.h"
#include "kith/base/text.h"
#include "kith/crypto/secret.h"

namespace kith::auth {

namespace {

using Kind = AcceptFailure::Kind;
using ntlm::AuthenticateMessage;
using ntlm::ClientChallenge;

constexpr std::size_t challenge_size = 8;
constexpr std::size_t proof_size = 16;
constexpr std::size_t key_size = 16;

AcceptFailure bad(std::string detail) {
  return {.kind = Kind::bad_token, .detail = std::move(detail)};
}

bool far_apart(std::uint64_t a, std::uint64_t b) {
  constexpr std::uint64_t tenths_max = Ntlm::skew_max / 100ns;
  return (a > b ? a - b : b - a) > tenths_max;
}

class NtlmHandshake final : public Handshake {
 public:
  NtlmHandshake(const Ntlm& scheme, const Accounts& accounts)
      : scheme_(scheme), accounts_(accounts) {}

  Step token(std::string_view token, Time now, Random& random) override {
    if (token.empty()) {
      if (challenge_.empty()) challenge_ = bytes(random);
      return Continue{scheme_.challenge(challenge_).write()};
    }
    if (challenge_.empty()) return bad("the handshake that this token goes on with has ended");
    return authenticate(token, now);
  }

  Step accepted(AcceptResult) override { return bad("NTLM asks nobody"); }

 private:
  static std::string bytes(Random& random) {
    std::string text(challenge_size, '\0');
    random.fill(std::as_writable_bytes(std::span(text)));
    return text;
  }

  /// What is wrong with the message before anybody's password is looked at.
  std::string_view objection(const AuthenticateMessage& message) const {
    using namespace ntlm;
    if ((message.flags & flag::required) != flag::required)
      return "the client wants NTLM of another form than connectionless and signed";
    if ((message.flags & flag::extended_session_security) == 0 && !scheme_.takes_plain_signatures())
      return "the client wants to sign without extended session security (auth.ntlm_plain)";
    if ((message.flags & flag::anonymous) != 0 || message.user.empty())
      return "the client names no user";
    if ((message.flags & flag::key_exch) != 0 && message.session_key.size() != key_size)
      return "the session key is not of 16 bytes";
    if (message.nt_response.size() <= proof_size) return "the response is not one of NTLMv2";
    return {};
  }

  Step authenticate(std::string_view token, Time now) const {
    std::optional<AuthenticateMessage> message = AuthenticateMessage::parse(token);
    if (!message) return bad("this is no AUTHENTICATE message");
    message->flags &= ntlm::flag::offered;
    if (const std::string_view wrong = objection(*message); !wrong.empty())
      return bad(std::string(wrong));
    const std::string_view response = message->nt_response;
    const auto client = ClientChallenge::parse(response.substr(proof_size));
    const auto user = ntlm::utf8(message->user);
    const auto domain = ntlm::utf8(message->domain);
    if (!client || !user || !domain) return bad("the response is not one of NTLMv2");

    std::string name = scheme_.account_name(*user, *domain);
    std::optional<NtAccount> account = accounts_.nt_account(name);
    // Somebody unknown costs as much as a wrong password, and gets the same answer.
    const bool can_be = account && account->nt_hash.reveal().size() == key_size;
    const crypto::Secret hash =
        can_be ? account->nt_hash : crypto::Secret(std::string(key_size, '\0'));
    const crypto::Secret key = ntlm::ntowf_v2(hash, message->user, message->domain);
    const std::string proof = ntlm::proof(key, challenge_, response.substr(proof_size));
    if (!crypto::constant_time_equal(proof, response.substr(0, proof_size)) || !can_be)
      return AcceptFailure{.kind = Kind::wrong_password, .detail = std::move(name)};

    crypto::Secret session_key = ntlm::session_base_key(key, proof);
    if ((message->flags & ntlm::flag::key_exch) != 0)
      session_key = ntlm::exchanged(session_key, crypto::Secret(message->session_key));
    if (client->promises_mic() && !is_whole(*message, token, session_key))
      return bad("the handshake was changed on its way");
    if (far_apart(client->time, ntlm::filetime(now)))
      return AcceptFailure{.kind = Kind::clock_skew,
                           .detail = "the clock of " + name + " is more than 15 minutes off"};
    return Accepted{.context = ntlm::make_context(session_key, message->flags, ntlm::Side::server),
                    .principal = std::move(name),
                    .account = std::move(account->aor)};
  }

  bool is_whole(const AuthenticateMessage& message, std::string_view token,
                const crypto::Secret& session_key) const {
    if (message.mic.empty()) return false;
    std::string without(token);
    without.replace(AuthenticateMessage::mic_offset, AuthenticateMessage::mic_size,
                    AuthenticateMessage::mic_size, '\0');
    return crypto::constant_time_equal(
        message.mic,
        ntlm::handshake_mic(session_key, scheme_.challenge(challenge_).write(), without));
  }

  const Ntlm& scheme_;
  const Accounts& accounts_;
  std::string challenge_;  // empty: not sent yet
};

/// The first label in upper case: what a name was before there was DNS. [MS-NLMP] §2.2.2.1
std::string short_name(std::string_view name) {
  constexpr std::size_t length_max = 15;
  std::string text(name.substr(0, name.find('.')).substr(0, length_max));
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  return text;
}

}  // namespace

Ntlm::Ntlm(const Realm& realm)
    : domain_(realm.domain),
      short_domain_(realm.ntlm_domain.empty() ? short_name(realm.domain) : realm.ntlm_domain),
      plain_signatures_(realm.ntlm_plain) {
  using enum ntlm::AvId;
  const auto add = [this](ntlm::AvId id, std::string_view text) {
    if (const auto value = ntlm::utf16(text); value && !value->empty())
      target_info_.push_back({.id = id, .value = *value});
  };
  add(netbios_domain, short_domain_);
  add(netbios_computer, short_name(realm.fqdn));
  add(dns_domain, domain_);
  add(dns_computer, realm.fqdn);
}

std::unique_ptr<Handshake> Ntlm::begin(const Accounts& accounts) const {
  return std::make_unique<NtlmHandshake>(*this, accounts);
}

ntlm::ChallengeMessage Ntlm::challenge(std::string server_challenge) const {
  return {.flags = ntlm::flag::offered,
          .server_challenge = std::move(server_challenge),
          .target_name = ntlm::utf16(short_domain_).value_or(std::string()),
          .target_info = target_info_,
          .version = {.major = 5, .minor = 2, .build = 3790}};
}

std::string Ntlm::account_name(std::string_view user, std::string_view domain) const {
  std::string name(user);
  if (user.contains('@')) return name;
  name += '@';
  if (domain.empty() || equal_ignoring_case(domain, short_domain_)) return name.append(domain_);
  return name.append(domain);
}

}  // namespace kith::auth
