#include "kith/client/explain.h"

#include <chrono>
#include <utility>

#include "kith/auth/client_challenge.h"
#include "kith/auth/parameters.h"
#include "kith/base/text.h"
#include "kith/sip/header/authentication_info.h"
#include "kith/sip/header/date.h"
#include "kith/sip/header/ms_diagnostics.h"
#include "kith/sip/header/retry_after.h"
#include "kith/sip/header/warning.h"

namespace kith::client {

namespace {

/// RFC 4120 §1.6 leaves it open; five minutes is what every implementation takes.
constexpr Duration skew_max = 5min;

std::string_view parameter(const sip::AuthParamsView& params, std::string_view name) {
  return params.find(name).value_or(std::string_view{});
}

struct Line {
  std::string text;
  void put(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    text.append(", ").append(name).append(" ").append(value);
  }
};

std::string signed_text(const sip::Message& message, auth::SignatureVersion version,
                        const sip::AuthorizationView& header, std::string_view rand,
                        std::string_view num) {
  return auth::signature_buffer(version,
                                {.scheme = header.scheme,
                                 .rand = rand,
                                 .num = num,
                                 .realm = parameter(header.params, "realm"),
                                 .targetname = parameter(header.params, "targetname")},
                                message);
}

/// What a client's token is, if it sends one.
std::string_view handshake_step(const sip::AuthorizationView& header) {
  const std::optional<std::string_view> token = header.params.find("gssapi-data");
  if (!token) return {};
  if (!equal_ignoring_case(header.scheme, "NTLM")) return ", a ticket for the server";
  return token->empty() ? ", asking for a challenge" : ", the answer to the challenge";
}

/// A header of a client or a server; they differ in the names of the two numbers.
std::string explain_signature(const sip::Message& message, const sip::AuthorizationView& header,
                              bool from_client, std::optional<auth::SignatureVersion> version) {
  const std::string_view rand = parameter(header.params, from_client ? "crand" : "srand");
  const std::string_view num = parameter(header.params, from_client ? "cnum" : "snum");
  Line line{std::string(header.scheme)};
  line.text += handshake_step(header);
  line.put("for", parameter(header.params, "targetname"));
  line.put(from_client ? "cnum" : "snum", num);
  line.put(from_client ? "crand" : "srand", rand);
  if (num.empty() || !version) return line.text;
  line.put("signature version", std::to_string(static_cast<int>(*version)));
  line.text += "\nsigned: " + signed_text(message, *version, header, rand, num);
  return line.text;
}

std::string explain_digest(const sip::AuthorizationView& header) {
  Line line{"Digest"};
  line.put("user", parameter(header.params, "username"));
  line.put("algorithm", parameter(header.params, "algorithm"));
  line.put("nc", parameter(header.params, "nc"));
  line.text += "; Digest signs the method and the Request-URI only";
  return line.text;
}

std::string explain_challenges(const sip::Message& message) {
  std::string text;
  for (const sip::WwwAuthenticate& challenge : auth::Challenges::of(message).values) {
    const sip::AuthParamsView params = challenge.params;
    Line line{"offers " + challenge.scheme};
    line.put("for", parameter(params, "targetname"));
    line.put("realm", parameter(params, "realm"));
    line.put("algorithm", parameter(params, "algorithm"));
    line.put("signature version", parameter(params, "version"));
    if (!text.empty()) text += '\n';
    text += line.text;
  }
  return text;
}

}  // namespace

std::string explain(const sip::Message& message, std::optional<auth::SignatureVersion> version) {
  if (auth::is_challenge(message)) return explain_challenges(message);
  const auth::Credentials found = auth::credentials(message);
  if (found.count > 0) {
    const sip::AuthorizationView& header = found.values.front();
    if (equal_ignoring_case(header.scheme, "Digest")) return explain_digest(header);
    return explain_signature(message, header, true, version);
  }
  const auto info = message.view<sip::AuthenticationInfo>();
  if (!info || !*info || !(*info)->params.has("rspauth")) return {};
  const sip::AuthorizationView header{(*info)->scheme, (*info)->params};
  return explain_signature(message, header, false, version);
}

std::optional<auth::SignatureVersion> offered_version(const sip::Message& response) {
  const auth::Challenges challenges = auth::Challenges::of(response);
  for (const std::string_view scheme : {"Kerberos", "NTLM"})
    if (const sip::WwwAuthenticate* const challenge = challenges.find(scheme))
      return auth::signature_version(sip::AuthParamsView(challenge->params).find("version"));
  return std::nullopt;
}

std::string offered_target(const sip::Message& response) {
  const auth::Challenges challenges = auth::Challenges::of(response);
  const sip::WwwAuthenticate* const kerberos = challenges.find("Kerberos");
  return kerberos == nullptr ? std::string{}
                             : std::string(parameter(kerberos->params, "targetname"));
}

std::string_view verdict(const auth::ServerCheck& check) {
  using enum auth::ServerCheck::Kind;
  switch (check.kind) {
    case genuine:
      return "the signature is verified";
    case not_signed:
      return "not signed";
    case discard:
      return check.reason;
  }
  std::unreachable();
}

std::vector<std::string> offered_schemes(const sip::Message& response) {
  std::vector<std::string> schemes;
  for (const sip::WwwAuthenticate& each : auth::Challenges::of(response).values)
    if (std::ranges::find(schemes, each.scheme) == schemes.end()) schemes.push_back(each.scheme);
  return schemes;
}

std::string why_refused(const sip::Message& response) {
  std::string text = std::to_string(response.status());
  text.append(" ").append(response.reason());
  const auto warning = response.get<sip::Warning>();
  const auto diagnostics = response.get<sip::MsDiagnostics>();
  if (warning && *warning)
    text += " (" + (*warning)->text + ")";
  else if (diagnostics && *diagnostics && (*diagnostics)->reason())
    text += " (" + std::string(*(*diagnostics)->reason()) + ")";
  return text;
}

std::string when_again(const sip::Message& response) {
  const auto after = response.get<sip::RetryAfter>();
  if (!after || !*after) return " later";
  return " in " + std::to_string((*after)->seconds) + " s";
}

std::string clock_difference(const sip::Message& response, Time now) {
  const auto date = response.get<sip::Date>();
  if (!date || !*date) return {};
  const Duration ahead = now - (*date)->time;
  if (ahead < skew_max && ahead > -skew_max) return {};
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(ahead).count();
  return "this computer's clock is " + std::to_string(minutes < 0 ? -minutes : minutes) +
         " minutes " + (minutes < 0 ? "behind" : "ahead of") +
         " the server's; set it right (timedatectl) and try again";
}

}  // namespace kith::client
