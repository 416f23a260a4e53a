#include "kith/auth/ntlm_client.h"

#include <span>
#include <utility>

#include "kith/auth/limits.h"
#include "kith/auth/scheme/ntlm/context.h"
#include "kith/auth/scheme/ntlm/flags.h"
#include "kith/auth/scheme/ntlm/keys.h"
#include "kith/auth/scheme/ntlm/messages.h"
#include "kith/auth/scheme/ntlm/utf16.h"

namespace kith::auth {

namespace {

using namespace ntlm;

constexpr std::size_t challenge_size = 8;
constexpr std::size_t key_size = 16;

std::unexpected<InitiateFailure> failure(std::string sentence) {
  return std::unexpected(InitiateFailure{.detail = std::move(sentence)});
}

std::string bytes(Random& random, std::size_t size) {
  std::string text(size, '\0');
  random.fill(std::as_writable_bytes(std::span(text)));
  return text;
}

/// User and domain as UTF-16. A name with an at sign is whole: its domain stays empty.
struct Name {
  std::string user;
  std::string domain;
};

std::optional<Name> name_of(std::string_view username) {
  if (username.size() > limits::ntlm_name_bytes_max) return std::nullopt;
  const std::size_t slash = username.find('\\');
  const bool has_domain = slash != std::string_view::npos;
  std::optional<std::string> user = utf16(has_domain ? username.substr(slash + 1) : username);
  std::optional<std::string> domain = utf16(has_domain ? username.substr(0, slash) : "");
  if (!user || user->empty() || !domain) return std::nullopt;
  return Name{.user = std::move(*user), .domain = std::move(*domain)};
}

/// Nobody signs in by it, so one that cannot be written is left out.
std::string workstation_of(std::string_view name) {
  if (name.size() > limits::ntlm_name_bytes_max) return {};
  return utf16(name).value_or(std::string());
}

std::uint32_t chosen(std::uint32_t offered_by_server) {
  std::uint32_t flags = (offered_by_server & flag::offered) | flag::request_target;
  if ((flags & flag::key_128) != 0) flags &= ~flag::key_56;
  return flags;
}

}  // namespace

std::expected<Initiated, InitiateFailure> NtlmClient::answer(std::string_view challenge, Time now) {
  const bool too_long = challenge.size() > limits::token_bytes_max;
  const auto asked = too_long ? std::nullopt : ChallengeMessage::parse(challenge);
  if (!asked) return failure("the server's NTLM challenge is malformed");
  if ((asked->flags & flag::required) != flag::required || asked->target_info.empty())
    return failure("the server's NTLM challenge is not one of connectionless NTLMv2");
  if ((asked->flags & flag::extended_session_security) == 0 && !login_.plain_signatures)
    return failure("the server wants NTLM signatures that anybody can forge");
  const std::optional<Name> name = name_of(login_.username);
  const std::optional<crypto::Secret> hash = nt_hash(login_.password);
  if (!name || !hash) return failure("the user name or the password cannot be used with NTLM");

  // A server that tells the time wants the handshake protected: [MS-NLMP] §3.1.5.1.2
  const auto told = find(asked->target_info, AvId::timestamp);
  const std::optional<std::uint64_t> time = told ? read_filetime(*told) : std::nullopt;
  ClientChallenge mine{.time = time.value_or(filetime(now)),
                       .challenge = bytes(random_, challenge_size),
                       .target_info = asked->target_info};
  if (time) mine.target_info.push_back({AvId::flags, {ClientChallenge::has_mic, '\0', '\0', '\0'}});
  const std::string rest = mine.write();
  const crypto::Secret key = ntowf_v2(*hash, name->user, name->domain);
  const std::string nt_proof = proof(key, asked->server_challenge, rest);

  AuthenticateMessage message{.flags = chosen(asked->flags),
                              .domain = name->domain,
                              .user = name->user,
                              .workstation = workstation_of(login_.workstation),
                              .nt_response = nt_proof + rest,
                              .version = {.major = 5, .minor = 1, .build = 2600}};
  message.lm_response = time ? std::string(24, '\0')
                             : proof(key, asked->server_challenge, mine.challenge) + mine.challenge;
  crypto::Secret session_key = session_base_key(key, nt_proof);
  if ((message.flags & flag::key_exch) != 0) {
    crypto::Secret fresh(bytes(random_, key_size));
    message.session_key = exchanged(session_key, fresh).reveal();
    session_key = std::move(fresh);
  }
  if (time) {
    message.mic = std::string(AuthenticateMessage::mic_size, '\0');
    message.mic = handshake_mic(session_key, challenge, message.write());
  }
  return Initiated{.token = message.write(),
                   .context = make_context(session_key, message.flags, Side::client)};
}

}  // namespace kith::auth
