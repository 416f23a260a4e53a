#include <algorithm>
#include <utility>

#include "kith/auth/client_challenge.h"
#include "kith/auth/parameters.h"
#include "kith/base/text.h"
#include "kith/client/explain.h"
#include "kith/client/limits.h"
#include "kith/client/session.h"
#include "kith/soap/envelope.h"
#include "kith/soap/operation/add_group_response.h"

/// What a session makes of the answers to its requests.
namespace kith::client {

namespace {

/// The scheme of the credentials that a request carried.
std::string scheme_of(const sip::Message& request) {
  const auth::Credentials found = auth::credentials(request);
  return found.count > 0 ? std::string(found.values.front().scheme) : std::string{};
}

}  // namespace

void Session::response_came(ua::TransactionId transaction, const sip::Message& response, Time now) {
  if (!flights_.contains(transaction)) return;
  if (auth::is_challenge(response)) version_ = offered_version(response);
  const auth::ServerCheck check = authenticator_.check(response, now);
  trace_received(&response, verdict(check));
  if (!check.acceptable()) {
    // SIP-AUTH-32: as if it had not come; the deadline of its request goes on.
    notice("ignored a response, " + std::string(check.reason));
    return;
  }
  if (response.status() < 200) return;
  Flight flight = *landed(transaction);
  if (auth::is_challenge(response)) return challenged(std::move(flight), response, now);
  switch (flight.purpose) {
    case Purpose::registration:
      if (response.status() / 100 != 2) return registration_refused(response, now);
      scheme_ = scheme_of(flight.request);
      return registered(response, now);
    case Purpose::subscription:
      return subscribed(flight.request, response, now);
    case Purpose::operation:
      return operation_answered(response, now);
    case Purpose::unsubscription:
      return leave(now);
    case Purpose::removal:
      return finish();
  }
}

/// SIP-AUTH-03: 401 and 407 alike.
void Session::challenged(Flight flight, const sip::Message& response, Time now) {
  if (flight.purpose == Purpose::unsubscription) return leave(now);
  if (flight.purpose == Purpose::removal) return finish();
  if (flight.purpose == Purpose::registration && ++challenges_ > challenges_max)
    return fail(Failed::Cause::refused, "the server asks for credentials again and again");
  const std::string target = offered_target(response);
  if (flight.purpose == Purpose::registration && settings_.login.kerberos && !target.empty() &&
      !auth::carries_token(flight.request)) {
    challenged_ = Challenged{.flight = std::move(flight), .response = response};
    outputs_.emplace_back(Initiate{target});
    return;
  }
  answer_challenge(flight, response, now);
}

void Session::answer_challenge(const Flight& flight, const sip::Message& response, Time now) {
  std::vector<std::string> offered = offered_schemes(response);
  const auto can_use = [&login = settings_.login](const std::string& scheme) {
    return (login.kerberos && equal_ignoring_case(scheme, "Kerberos")) ||
           (login.with_ntlm() && equal_ignoring_case(scheme, "NTLM")) ||
           (login.with_digest() && equal_ignoring_case(scheme, "Digest"));
  };
  if (std::ranges::none_of(offered, can_use)) {
    std::string sentence = "the server offers no way to sign in that this login can use";
    for (const std::string& scheme : offered)
      sentence += (scheme == offered.front() ? ", only " : " and ") + scheme;
    return fail(Failed::Cause::refused, std::move(sentence), std::move(offered));
  }
  const auto step = authenticator_.challenged(flight.request, response, now);
  if (!step) {
    std::string sentence = step.error();
    if (const std::string clocks = clock_difference(response, now); !clocks.empty())
      sentence += "; " + clocks;
    return fail(Failed::Cause::refused, std::move(sentence));
  }
  if (flight.purpose == Purpose::registration) return register_now(now);
  if (*step == auth::NextStep::sign_in_again) {
    // What was asked is asked again when the server knows this device once more.
    if (flight.purpose == Purpose::operation && operations_.front().attempts >= attempts_max)
      return settle(std::nullopt, response.status(), why_refused(response));
    notice("the server has forgotten this device; signing in again");
    return register_now(now);
  }
  if (flight.purpose == Purpose::subscription) return subscribe_now(now);
  send_operation(now);
}

void Session::registered(const sip::Message& response, Time now) {
  switch (registration_.answered(response, now)) {
    case Registration::Answer::lost:
      return registration_lost(now);
    case Registration::Answer::malformed:
      return fail(Failed::Cause::network, "the server's 200 to REGISTER has no Expires");
    case Registration::Answer::granted:
      break;
  }
  challenges_ = 0;
  if (state_ == State::signing_in) {
    state_ = State::signed_in;
    emit(SignedIn{.scheme = scheme_, .granted = registration_.granted()});
  }
  proceed(now);
}

/// SIP-REG-09: nothing that was agreed under the old registration stands.
void Session::registration_lost(Time now) {
  notice("the server had lost the registration; signing in anew");
  authenticator_.reset();
  registration_.forget();
  subscriber_.reset();
  list_.reset();
  flights_.clear();
  awaited_.reset();
  reading_ = false;
  list_by_ = never;
  readings_ = 0;
  // What became of one under way is not known: the list will tell whether it is still to be done.
  if (!operations_.empty() && operations_.front().attempts > 0)
    operations_.front().attempt = Attempt::repeated;
  state_ = State::signing_in;
  register_now(now);
}

void Session::registration_refused(const sip::Message& response, Time now) {
  if (state_ == State::signing_out) return;
  std::string sentence = "the server refused to sign in " + device_.uri() + ": ";
  sentence += why_refused(response);
  if (response.status() == 404) sentence += "; is the address right, and does the account exist?";
  if (response.status() == 503)
    sentence += "; nothing was changed, try again" + when_again(response);
  if (const std::string clocks = clock_difference(response, now); !clocks.empty())
    sentence += "; " + clocks;
  fail(response.status() >= 500 && response.status() < 600 ? Failed::Cause::network
                                                           : Failed::Cause::refused,
       std::move(sentence));
}

void Session::subscribed(const sip::Message& request, const sip::Message& response, Time now) {
  if (!subscriber_ || state_ != State::signed_in) return;
  const event::Answered answered = subscriber_->answered(request, response, now);
  switch (answered.kind) {
    case event::Answered::Kind::again:
      return subscribe_now(now);
    case event::Answered::Kind::refused:
      return fail(Failed::Cause::refused,
                  "the server refuses the contact list: " + why_refused(response));
    case event::Answered::Kind::active:
    case event::Answered::Kind::ended:
      break;
  }
  if (answered.content) take_content(*answered.content, now);
  proceed(now);
}

void Session::operation_answered(const sip::Message& response, Time now) {
  if (operations_.empty()) return;
  Waiting& done = operations_.front();
  done.call_id.clear();
  done.sequence = 0;
  if (response.status() == 409) {
    done.attempt = Attempt::repeated;
    readings_ = 0;
    reading_ = false;
    return read_again(now);
  }
  if (response.status() / 100 != 2) {
    std::string reason = why_refused(response);
    if (response.status() == 503)  // as the answer to what took too long it leaves this open, too
      reason += "; look at the list, and if it is unchanged try again" + when_again(response);
    settle(std::nullopt, response.status(), std::move(reason));
    return proceed(now);
  }
  // The delta of this very change follows; the next operation needs the number that it brings.
  if (list_ && list_->version() == done.sent_for) {
    awaited_ = contacts::Version{done.sent_for.value + 1};
    list_by_ = now + list_patience;
  }
  if (done.left > 0) return proceed(now);
  OperationDone result{.id = done.id};
  if (std::holds_alternative<AddGroup>(done.operation))
    if (const auto made = soap::read<soap::AddGroupResponse>(response.body()))
      result.group = made->id;
  settle(std::move(result), 0, {});
  proceed(now);
}

void Session::unanswered(const Flight& flight, std::string_view why, Time now) {
  if (state_ == State::signing_out) return finish();
  if (flight.purpose == Purpose::operation) {
    operations_.front().call_id.clear();
    // RFC 3261 §8.1.3.1: no answer counts as 408.
    settle(std::nullopt, 408,
           std::string(why) + ": whether it was done is not known; look at the list");
    readings_ = 0;
    reading_ = false;
    return read_again(now);
  }
  fail(Failed::Cause::network, std::string(why));
}

}  // namespace kith::client
