#include "kith/auth/digest_challenge.h"

#include <algorithm>
#include <utility>

#include "kith/auth/limits.h"
#include "kith/base/scanner.h"
#include "kith/base/text.h"

namespace kith::auth {

namespace {

/// After a comma a parameter goes on with an equals sign, and a challenge does not.
bool begins_challenge(std::string_view rest) {
  const std::string_view text = trim(rest);
  const char* const end = text.data() + text.size();
  const char* at = token_chars.run_end(text.data(), end);
  if (at == text.data()) return false;
  while (at != end && is_blank(*at)) ++at;
  return at == end || *at != '=';
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> found;
  while (!(text = trim(text)).empty() && found.size() < limits::domain_uris_max) {
    const std::size_t blank = std::min(text.find_first_of(" \t"), text.size());
    found.emplace_back(text.substr(0, blank));
    text.remove_prefix(blank);
  }
  return found;
}

bool is_true(std::optional<std::string_view> text) {
  return text && equal_ignoring_case(*text, "true");
}

bool too_long(const sip::AuthParamsView& params) {
  for (const std::string_view name : {"realm", "nonce", "opaque"})
    if (params.find(name).value_or("").size() > limits::challenge_parameter_bytes_max) return true;
  return false;
}

}  // namespace

std::string_view challenge_header(Challenger challenger) {
  return challenger == Challenger::proxy ? "Proxy-Authenticate" : "WWW-Authenticate";
}

std::vector<std::string_view> challenges_on_line(std::string_view line) {
  std::vector<std::string_view> found;
  std::size_t start = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (quoted && line[i] == '\\')
      ++i;
    else if (line[i] == '"')
      quoted = !quoted;
    else if (!quoted && line[i] == ',' && begins_challenge(line.substr(i + 1))) {
      found.push_back(trim(line.substr(start, i - start)));
      start = i + 1;
    }
  }
  found.push_back(trim(line.substr(start)));
  return found;
}

std::string DigestChallenge::realm() const { return sip::unquote(realm_text); }
std::string DigestChallenge::nonce() const { return sip::unquote(nonce_text); }

std::optional<DigestChallenge> DigestChallenge::of(const sip::WwwAuthenticate& value,
                                                   Challenger challenger) {
  const sip::AuthParamsView params = value.params;
  const std::optional<DigestVariant> variant = digest_variant(value.algorithm().value_or("MD5"));
  if (!equal_ignoring_case(value.scheme, "Digest") || !variant || !value.realm() ||
      value.nonce().value_or("").empty() || too_long(params))
    return std::nullopt;
  DigestChallenge challenge{
      .challenger = challenger,
      .realm_text = std::string(*value.realm()),
      .nonce_text = std::string(*value.nonce()),
      .opaque_text = {},
      .algorithm_text = std::string(value.algorithm().value_or("")),
      .variant = *variant,
      .has_qop = value.qop().has_value(),
      .auth = value.offers_qop("auth"),
      .auth_int = value.offers_qop("auth-int"),
      .stale = value.stale(),
      .userhash = is_true(params.find("userhash")),
      .utf8 = equal_ignoring_case(params.find("charset").value_or(""), "UTF-8"),
      .domain = {}};
  if (challenge.has_qop ? !challenge.auth && !challenge.auth_int : variant->session)
    return std::nullopt;
  if (const auto opaque = value.opaque()) challenge.opaque_text = std::string(*opaque);
  // Of a proxy it means nothing: its protection space is the whole proxy. RFC 7616 §3.3
  if (challenger == Challenger::server) challenge.domain = words(value.domain().value_or(""));
  return challenge;
}

std::vector<DigestChallenge> digest_challenges(const sip::Message& response) {
  std::vector<DigestChallenge> found;
  std::size_t seen = 0;
  for (const Challenger challenger : {Challenger::server, Challenger::proxy}) {
    for (const std::string_view line : response.texts(challenge_header(challenger))) {
      for (const std::string_view text : challenges_on_line(line)) {
        if (++seen > limits::challenges_max) return found;
        Scanner in(text, response.mode(), challenge_header(challenger));
        const std::optional<sip::WwwAuthenticate> value = sip::WwwAuthenticate::parse(in);
        if (!value || !in.at_end()) continue;
        if (auto challenge = DigestChallenge::of(*value, challenger))
          found.push_back(std::move(*challenge));
      }
    }
  }
  return found;
}

}  // namespace kith::auth
