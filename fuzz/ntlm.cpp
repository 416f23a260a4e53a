// The tokens of NTLM: what is read is written so that it reads as the same; a server looks at any
// AUTHENTICATE, and a client answers any CHALLENGE with one that a server can read.

#include <algorithm>
#include <optional>
#include <string>

#include "fuzz/target.h"
#include "kith/auth/ntlm_client.h"
#include "kith/auth/scheme/ntlm.h"
#include "kith/auth/scheme/ntlm/keys.h"
#include "kith/auth/scheme/ntlm/messages.h"

using namespace kith;
using namespace kith::auth;

namespace {

constexpr Time now{1'128'469'864s};

template <class Message>
std::optional<Message> turn_round(std::string_view token) {
  std::optional<Message> message = Message::parse(token);
  if (!message) return std::nullopt;
  const std::string once = message->write();
  ensure(Message::parse(once) == message);
  ensure(Message::parse(once)->write() == once);
  return message;
}

class OneAccount final : public Accounts {
 public:
  std::optional<sip::Aor> account_of(std::string_view) const override { return std::nullopt; }
  std::optional<DigestAccount> digest_account(std::string_view) const override {
    return std::nullopt;
  }
  std::optional<NtAccount> nt_account(std::string_view username) const override {
    return NtAccount{.aor = sip::Aor{std::string(username)},
                     .nt_hash = crypto::Secret(std::string(16, 'h'))};
  }
};

void serve(std::string_view token) {
  const OneAccount accounts;
  SeededRandom random{1};
  const Ntlm scheme(
      Realm{.fqdn = "lcs1.lab.example", .ntlm = true, .domain = "lab.example", .ntlm_plain = true});
  const auto handshake = scheme.begin(accounts);
  ensure(std::holds_alternative<Continue>(handshake->token("", now, random)));
  // Nobody finds a response to a challenge and a hash that are not known.
  if (!token.empty())
    ensure(std::holds_alternative<AcceptFailure>(handshake->token(token, now, random)));
}

void ask(std::string_view token) {
  SeededRandom random{1};
  NtlmClient client(
      {.username = "LAB\\walt", .password = crypto::Secret("secret"), .plain_signatures = true},
      random);
  const auto answer = client.answer(token, now);
  if (!answer) return;
  ensure(turn_round<ntlm::AuthenticateMessage>(answer->token).has_value());
  ensure(answer->context->mic("text").size() == 16);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view token = fuzz::text_of(data, size);
  turn_round<ntlm::ChallengeMessage>(token);
  if (const auto message = turn_round<ntlm::AuthenticateMessage>(token))
    turn_round<ntlm::ClientChallenge>(
        std::string_view(message->nt_response)
            .substr(std::min<std::size_t>(message->nt_response.size(), 16)));
  serve(token);
  ask(token);
  return 0;
}
