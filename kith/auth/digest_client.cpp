#include "kith/auth/digest_client.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "kith/auth/parameters.h"
#include "kith/base/text.h"

namespace kith::auth {

namespace {

std::string_view parameter(const sip::AuthParamsView& params, std::string_view name) {
  return params.find(name).value_or(std::string_view{});
}

bool offers_auth(std::string_view qops) {
  while (!qops.empty()) {
    const std::size_t comma = std::min(qops.find(','), qops.size());
    if (equal_ignoring_case(trim(qops.substr(0, comma)), "auth")) return true;
    qops.remove_prefix(std::min(comma + 1, qops.size()));
  }
  return false;
}

std::optional<DigestAlgorithm> answerable(const sip::WwwAuthenticate& challenge) {
  const sip::AuthParamsView params = challenge.params;
  if (!equal_ignoring_case(challenge.scheme, "Digest") || parameter(params, "nonce").empty() ||
      !params.has("realm") || !offers_auth(parameter(params, "qop")))
    return std::nullopt;
  return digest_algorithm(params.find("algorithm").value_or("MD5"));
}

/// The nonce that a request answered, in this realm; empty if it answered none.
std::string answered_nonce(const sip::Message& request, std::string_view realm) {
  const Credentials found = credentials(request);
  for (std::size_t i = 0; i < found.count; ++i) {
    const sip::AuthorizationView& value = found.values.at(i);
    if (equal_ignoring_case(value.scheme, "Digest") && parameter(value.params, "realm") == realm)
      return std::string(parameter(value.params, "nonce"));
  }
  return {};
}

}  // namespace

bool DigestClient::challenged(const sip::Message& request, const Challenges& challenges) {
  const auto found = std::ranges::find_if(
      challenges.values, [](const auto& challenge) { return answerable(challenge).has_value(); });
  if (found == challenges.values.end()) return false;
  const sip::AuthParamsView params = found->params;
  const std::string answered = answered_nonce(request, parameter(params, "realm"));
  const bool stale = equal_ignoring_case(parameter(params, "stale"), "true");
  if (!answered.empty() && !stale) return false;
  if (!answered.empty() && ++stale_in_a_row_ > stale_in_a_row_max) return false;
  return take(*found, challenges.challenger);
}

bool DigestClient::take(const sip::WwwAuthenticate& challenge, Challenger challenger) {
  const sip::AuthParamsView params = challenge.params;
  realm_ = parameter(params, "realm");
  nonce_ = parameter(params, "nonce");
  opaque_ = parameter(params, "opaque");
  algorithm_ = parameter(params, "algorithm");
  challenger_ = challenger;
  count_ = 0;
  ha1_ = digest_ha1(*answerable(challenge), username_, sip::unquote(realm_), password_);
  return true;
}

void DigestClient::authorize(sip::Message& request, Random& random) {
  request.remove("Authorization");
  request.remove("Proxy-Authorization");
  if (!ready() || !request.is_request()) return;
  const std::string nc = nonce_count_text(++count_);
  const std::string cnonce = random.hex(8);
  const DigestAlgorithm algorithm = digest_algorithm(algorithm_).value_or(DigestAlgorithm::md5);
  const std::string response = digest_response(algorithm, ha1_,
                                               {.method = request.method(),
                                                .uri = request.request_uri(),
                                                .nonce = nonce_,
                                                .nc = nc,
                                                .cnonce = cnonce});
  sip::Authorization value;
  value.scheme = "Digest";
  value.params.set_quoted("username", username_);
  value.params.set_quoted("realm", sip::unquote(realm_));
  value.params.set_quoted("nonce", sip::unquote(nonce_));
  value.params.set_quoted("uri", request.request_uri());
  value.params.set_quoted("response", response);
  if (!algorithm_.empty()) value.params.set("algorithm", algorithm_);
  value.params.set_quoted("cnonce", cnonce);
  if (!opaque_.empty()) value.params.set_quoted("opaque", sip::unquote(opaque_));
  value.params.set("qop", "auth");
  value.params.set("nc", nc);
  request.add(credentials_header(challenger_), written(value));
}

}  // namespace kith::auth
