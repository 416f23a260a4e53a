#include "kith/auth/client.h"

#include <utility>

#include "kith/auth/parameters.h"

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
    kerberos_failed_ = digest_.has_value();  // from here on Digest alone
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
  const State state = association_.state(now);
  if (request.method() != "REGISTER") {
    if (state == State::established) association_.reset();
    return NextStep::sign_in_again;
  }
  if (carries_token(request)) {
    association_.reset();
    return std::unexpected("the server refused the Kerberos ticket");
  }
  if (const auto begun = association_.begin(challenge, challenger, *login_.kerberos, now); !begun)
    return std::unexpected("Kerberos: " + begun.error().detail);
  return NextStep::repeat;
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
    if (check.kind == ServerCheck::Kind::genuine) kerberos_failed_ = false;
  }
  return check;
}

bool ClientAuthenticator::has_association(Time now) const {
  return association_.state(now) == State::established;
}

void ClientAuthenticator::reset() {
  association_.reset();
  kerberos_failed_ = false;
  if (digest_) digest_.emplace(login_.username, login_.password);
}

}  // namespace kith::auth
