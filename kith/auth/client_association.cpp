#include "kith/auth/client_association.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "kith/auth/parameters.h"
#include "kith/base/text.h"
#include "kith/crypto/base64.h"
#include "kith/sip/header/authentication_info.h"
#include "kith/sip/header/cseq.h"

namespace kith::auth {

namespace {

using Kind = ServerCheck::Kind;

std::string_view parameter(const sip::AuthParamsView& params, std::string_view name) {
  return params.find(name).value_or(std::string_view{});
}

/// The first (Proxy-)Authentication-Info that has a signature.
std::optional<sip::AuthenticationInfoView> signature_header(const sip::Message& message) {
  for (std::size_t i = 0; i < message.field_count(); ++i) {
    const sip::Field field = message.field(i);
    if (!equal_ignoring_case(field.name, "Authentication-Info") &&
        !equal_ignoring_case(field.name, "Proxy-Authentication-Info"))
      continue;
    Scanner in(field.value, message.mode(), sip::AuthenticationInfo::name.full);
    std::optional<sip::AuthenticationInfoView> value = sip::AuthenticationInfoView::parse(in);
    if (value && value->params.has("rspauth")) return value;
  }
  return std::nullopt;
}

bool refuses_registration(const sip::Message& message) {
  const auto cseq = message.view<sip::CSeq>();
  return message.status() >= 300 && !is_challenge(message) && cseq && *cseq &&
         (*cseq)->method == "REGISTER";
}

}  // namespace

std::expected<void, InitiateFailure> ClientAssociation::begin(const sip::WwwAuthenticate& challenge,
                                                              Challenger challenger,
                                                              Initiator& initiator, Time now) {
  if (const auto taken = take(challenge, challenger, now); !taken) return taken;
  std::expected<Initiated, InitiateFailure> initiated = initiator.initiate(targetname_);
  if (!initiated) {
    reset();
    return std::unexpected(std::move(initiated.error()));
  }
  take(std::move(*initiated), now);
  return {};
}

std::expected<void, InitiateFailure> ClientAssociation::begin(const sip::WwwAuthenticate& challenge,
                                                              Challenger challenger, Time now) {
  return take(challenge, challenger, now);
}

std::expected<void, InitiateFailure> ClientAssociation::proceed(
    const sip::WwwAuthenticate& challenge, NtlmClient& ntlm, Time now) {
  const auto token = crypto::base64_decode(parameter(challenge.params, "gssapi-data"));
  if (!token || token->empty())
    return std::unexpected(
        InitiateFailure{.detail = "the server's challenge has no token to answer"});
  std::expected<Initiated, InitiateFailure> answer = ntlm.answer(*token, now);
  if (!answer) return std::unexpected(std::move(answer.error()));
  opaque_ = parameter(challenge.params, "opaque");
  take(std::move(*answer), now);
  return {};
}

std::expected<void, InitiateFailure> ClientAssociation::take(const sip::WwwAuthenticate& challenge,
                                                             Challenger challenger, Time now) {
  reset();
  const std::string_view targetname = parameter(challenge.params, "targetname");
  const std::optional<SignatureVersion> version =
      signature_version(sip::AuthParamsView(challenge.params).find("version"));
  if (targetname.empty() || !version)
    return std::unexpected(InitiateFailure{
        .detail = targetname.empty() ? "the server's challenge names no targetname"
                                     : "the server's challenge has an unknown version"});
  state_ = State::handshake;
  scheme_ = challenge.scheme;
  realm_ = parameter(challenge.params, "realm");
  targetname_ = targetname;
  opaque_ = parameter(challenge.params, "opaque");
  challenger_ = challenger;
  version_ = *version;
  expires_ = now + lifetime - buffer;
  return {};
}

void ClientAssociation::take(Initiated initiated, Time now) {
  context_ = std::move(initiated.context);
  token_ = std::move(initiated.token);
  expires_ = std::min(now + lifetime, initiated.expires) - buffer;
}

ClientAssociation::State ClientAssociation::state(Time now) const {
  return now < expires_ ? state_ : State::none;
}

void ClientAssociation::authorize(sip::Message& message, Time now, Random& random) {
  message.remove("Authorization");
  message.remove("Proxy-Authorization");
  const State state = this->state(now);
  if (state == State::none) return;
  if (state == State::handshake && (message.method() != "REGISTER" || is_token_spent_)) return;
  std::string value = scheme_ + " qop=\"auth\"";
  if (!opaque_.empty()) value.append(", opaque=\"").append(opaque_).append("\"");
  value.append(", realm=\"").append(realm_);
  value.append("\", targetname=\"").append(targetname_).append("\"");
  if (state == State::handshake) {
    value.append(", gssapi-data=\"").append(crypto::base64_encode(token_)).append("\"");
    if (version_ != SignatureVersion::v2)
      value.append(", version=").append(std::to_string(static_cast<int>(version_)));
  }
  if (context_ && (state == State::established || version_ == SignatureVersion::v4))
    value.append(signed_parameters(message, random));
  message.add(credentials_header(challenger_), value);
}

std::string ClientAssociation::signed_parameters(const sip::Message& message, Random& random) {
  const std::string rand = random.hex(4);
  const std::string num = std::to_string(++client_number_);
  const std::string buffer_text = signature_buffer(
      version_,
      {.scheme = scheme_, .rand = rand, .num = num, .realm = realm_, .targetname = targetname_},
      message);
  return ", crand=\"" + rand + "\", cnum=\"" + num + "\", response=\"" +
         to_hex(as_bytes(context_->mic(buffer_text))) + '"';
}

ServerCheck ClientAssociation::check(const sip::Message& message, Time now) {
  const std::optional<sip::AuthenticationInfoView> info = signature_header(message);
  if (!info) {
    const ServerCheck check = check_unsigned(message, now);
    // Whoever has looked at the token knows it by now, and would take it for a replay.
    if (check.acceptable() && state_ == State::handshake && refuses_registration(message))
      is_token_spent_ = true;
    return check;
  }
  if (state(now) == State::none || !context_ || !equal_ignoring_case(info->scheme, scheme_) ||
      parameter(info->params, "realm") != realm_ ||
      parameter(info->params, "targetname") != targetname_)
    return {.kind = Kind::discard, .reason = "signed for another association"};
  const std::optional<Signature> signature = server_signature(info->params);
  if (!signature) return {.kind = Kind::discard, .reason = "the signature is malformed"};
  const std::string text = signature_buffer(version_,
                                            {.scheme = info->scheme,
                                             .rand = signature->rand,
                                             .num = signature->num,
                                             .realm = realm_,
                                             .targetname = targetname_},
                                            message);
  if (!context_->verify(text, signature->mic))
    return {.kind = Kind::discard, .reason = "the signature is wrong"};
  if (!server_numbers_.accept(signature->number))
    return {.kind = Kind::discard, .reason = "a replay: snum was used before"};
  if (state_ == State::handshake && message.status() / 100 == 2) {
    state_ = State::established;
    token_.clear();
  }
  if (const std::string_view opaque = parameter(info->params, "opaque"); !opaque.empty())
    opaque_ = opaque;
  return {.kind = Kind::genuine};
}

ServerCheck ClientAssociation::check_unsigned(const sip::Message& message, Time now) const {
  const State state = this->state(now);
  if (state == State::none || is_challenge(message)) return {};
  if (!message.is_request() && message.status() < 200) return {};
  // A server that refuses a handshake has no keys to sign the refusal with; one that takes it has.
  if (state == State::handshake && message.status() >= 300) return {};
  return {.kind = Kind::discard, .reason = "not signed"};
}

}  // namespace kith::auth
