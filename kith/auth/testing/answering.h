#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kith/auth/answers.h"
#include "kith/auth/testing/messages.h"
#include "kith/sip/header/authorization.h"
#include "kith/sip/parsed.h"

/// A client that is challenged, and a server that looks at what it answers.
namespace kith::auth::testing {

/// The same login in every realm but "nowhere"; counts how often it is asked.
class Keyring final : public Logins {
 public:
  std::optional<Login> login(const LoginQuery& query) const override {
    ++asked;
    user = query.user;
    target = query.target;
    if (query.realm == "nowhere") return std::nullopt;
    return value;
  }

  Login value{.username = "bob", .password = crypto::Secret("zanzibar")};
  mutable int asked = 0;
  mutable std::string user;
  mutable std::string target;
};

inline sip::Message request(std::string_view method = "INVITE", std::string_view call = "c1",
                            std::string_view uri = "sip:bob@biloxi.com") {
  std::string text(method);
  text.append(" ").append(uri).append(
      " SIP/2.0\nMax-Forwards: 70\nFrom: <sip:Bob@biloxi.com>;tag=1\nTo: <sip:alice@biloxi.com>\n"
      "Call-ID: ");
  text.append(call).append("\nCSeq: 314159 ").append(method).append("\nX-Own: as it was\n");
  return message(text);
}

/// Lines of WWW-Authenticate in a 401, of Proxy-Authenticate in a 407.
inline sip::Message challenge(std::initializer_list<std::string_view> lines, int status = 401) {
  sip::Message response = sip::Message::response(request(), status);
  for (const std::string_view line : lines)
    response.add(status == 407 ? "Proxy-Authenticate" : "WWW-Authenticate", line);
  return response;
}

/// What a request carries, one after the other.
inline std::vector<sip::Authorization> sent(const sip::Message& message,
                                            std::string_view header = "Authorization") {
  std::vector<sip::Authorization> values;
  for (const std::string_view line : message.texts(header))
    values.push_back(sip::parsed<sip::Authorization>(line).value());
  return values;
}

inline std::string param(const sip::Authorization& value, std::string_view name) {
  return std::string(value.params.find(name).value_or("-"));
}

/// Whether the response is that of the username in clear, as a server computes it from what it
/// knows and from what stands on the wire.
inline bool right(const sip::Message& message, const sip::Authorization& value,
                  const Login& login) {
  const DigestVariant variant = digest_variant(value.algorithm().value_or("MD5")).value();
  const std::string realm = sip::unquote(*value.realm());
  const std::string nonce = sip::unquote(*value.nonce());
  crypto::Secret key = digest_ha1(variant.hash, login.username, realm, login.password);
  if (variant.session)
    key = digest_session_key(variant.hash, key, nonce, value.cnonce().value_or(""));
  return digest_response(variant.hash, key,
                         {.method = message.method(),
                          .uri = message.request_uri(),
                          .nonce = nonce,
                          .nc = value.params.find("nc").value_or(""),
                          .cnonce = value.cnonce().value_or(""),
                          .qop = digest_qop(value.qop().value_or("")).value_or(DigestQop::none),
                          .body = message.body()}) == value.response();
}

struct Client {
  Answers answers{};
  Attempt attempt{};
  Keyring keyring{};
  SeededRandom random{1};

  std::expected<Answer, Unanswered> answer(const sip::Message& request,
                                           const sip::Message& response) {
    return answers.answer(request, response, attempt, keyring, random);
  }
  /// What a fresh INVITE becomes after this challenge.
  sip::Message answered(std::initializer_list<std::string_view> lines, int status = 401) {
    return answer(request(), challenge(lines, status)).value().request;
  }
  std::optional<Unanswered::Reason> refusal(const sip::Message& request,
                                            const sip::Message& response) {
    const auto answer = this->answer(request, response);
    return answer ? std::nullopt : std::optional(answer.error().reason);
  }
  sip::Message authorized(sip::Message message) {
    answers.authorize(message, random);
    return message;
  }
};

}  // namespace kith::auth::testing
