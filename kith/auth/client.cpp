#include "kith/auth/client.h"

#include <utility>

#include "kith/auth/parameters.h"
#include "kith/base/text.h"

namespace kith::auth {

using State = ClientAssociation::State;

ClientAuthenticator::ClientAuthenticator(ClientLogin login) : login_(std::move(login)) {
  if (!login_.username.empty()) digest_.emplace(login_.username, login_.password);
}

std::expected<NextStep, std::string> ClientAuthenticator::challenged(const sip::Message& request,
                                                                     const sip::Message& response,
                                                                     Time now) {
  const Challenges challenges = Challenges::of(response);
  std::string failure = "the server offers no way to sign in that this login can use";
  const sip::WwwAuthenticate* const kerberos = challenges.find("Kerberos");
  if (kerberos != nullptr && login_.kerberos != nullptr && !kerberos_failed_) {
    auto step = challenged_kerberos(request, *kerberos, challenges.challenger, now);
    if (step) return step;
    kerberos_failed_ = digest_.has_value() || login_.ntlm != nullptr;  // the others from here on
    failure = std::move(step.error());
  }
  const sip::WwwAuthenticate* const ntlm = challenges.find("NTLM");
  if (ntlm != nullptr && login_.ntlm != nullptr && !ntlm_failed_) {
    auto step = challenged_ntlm(request, *ntlm, challenges.challenger, now);
    if (step) return step;
    association_.reset();
    ntlm_failed_ = digest_.has_value();  // from here on Digest alone
    failure = std::move(step.error());
  }
  if (!digest_) return std::unexpected(std::move(failure));
  if (digest_->challenged(request, challenges)) return NextStep::repeat;
  if (digest_->ready()) failure = "the server refused the user name or the password";
  return std::unexpected(std::move(failure));
}

std::expected<NextStep, std::string> ClientAuthenticator::challenged_kerberos(
    const sip::Message& request, const sip::WwwAuthenticate& challenge, Challenger challenger,
    Time now) {
  if (request.method() != "REGISTER") return sign_in_again(now);
  if (carries_token(request)) {
    association_.reset();
    return std::unexpected("the server refused the Kerberos ticket");
  }
  if (const auto begun = association_.begin(challenge, challenger, *login_.kerberos, now); !begun)
    return std::unexpected("Kerberos: " + begun.error().detail);
  return NextStep::repeat;
}

std::expected<NextStep, std::string> ClientAuthenticator::challenged_ntlm(
    const sip::Message& request, const sip::WwwAuthenticate& challenge, Challenger challenger,
    Time now) {
  if (request.method() != "REGISTER") return sign_in_again(now);
  const bool goes_on = carries_token(request) && association_.state(now) == State::handshake &&
                       equal_ignoring_case(association_.scheme(), challenge.scheme);
  if (goes_on && !association_.awaits_token(now))
    return std::unexpected("the server refused the user name or the password");
  const auto done = goes_on ? association_.proceed(challenge, *login_.ntlm, now)
                            : association_.begin(challenge, challenger, now);
  if (!done) return std::unexpected("NTLM: " + done.error().detail);
  return NextStep::repeat;
}

NextStep ClientAuthenticator::sign_in_again(Time now) {
  if (association_.state(now) == State::established) association_.reset();
  return NextStep::sign_in_again;
}

void ClientAuthenticator::authorize(sip::Message& message, Time now, Random& random) {
  if (association_.state(now) != State::none)
    association_.authorize(message, now, random);
  else if (digest_)
    digest_->authorize(message, random);
}

ServerCheck ClientAuthenticator::check(const sip::Message& message, Time now) {
  const ServerCheck check = association_.check(message, now);
  if (check.acceptable() && message.status() / 100 == 2) {
    if (digest_) digest_->succeeded();
    if (check.kind == ServerCheck::Kind::genuine) kerberos_failed_ = ntlm_failed_ = false;
  }
  return check;
}

bool ClientAuthenticator::has_association(Time now) const {
  return association_.state(now) == State::established;
}

void ClientAuthenticator::reset() {
  association_.reset();
  kerberos_failed_ = ntlm_failed_ = false;
  if (digest_) digest_.emplace(login_.username, login_.password);
}

}  // namespace kith::auth
