#include "kith/event/subscriber.h"

#include <algorithm>
#include <chrono>

#include "kith/base/text.h"
#include "kith/sip/header/call_id.h"
#include "kith/sip/header/cseq.h"
#include "kith/sip/header/event.h"
#include "kith/sip/header/expires.h"
#include "kith/sip/header/from.h"
#include "kith/sip/header/ms_piggyback_cseq.h"
#include "kith/sip/header/subscription_state.h"
#include "kith/sip/header/to.h"

namespace kith::event {

namespace {

using Kind = Answered::Kind;

template <class Party>
std::string tag_of(const sip::Message& message) {
  const auto party = message.view<Party>();
  return party && *party ? std::string((*party)->tag().value_or(std::string_view{}))
                         : std::string{};
}

std::optional<std::uint32_t> expires_of(const sip::Message& message) {
  const Result<std::optional<sip::Expires>> expires = message.get<sip::Expires>();
  if (!expires || !*expires) return std::nullopt;
  return (*expires)->seconds;
}

std::uint32_t sequence_of(const sip::Message& message) {
  const auto cseq = message.view<sip::CSeq>();
  return cseq && *cseq ? (*cseq)->sequence : 0;
}

std::optional<std::string_view> content_of(const sip::Message& message) {
  if (message.body().empty()) return std::nullopt;
  return message.body();
}

bool is_event(const sip::Message& message, std::string_view package) {
  const auto event = message.view<sip::Event>();
  return event && *event && equal_ignoring_case((*event)->package, package);
}

}  // namespace

sip::Message Subscriber::initial() {
  sip::Message message = sip::Message::request("SUBSCRIBE", wish_.resource);
  message.add("From", wish_.from);
  message.add("To", "<" + wish_.resource + ">");
  // Every dialog has a Call-ID of its own: a late message of the last one is not taken for this.
  message.add("Call-ID",
              dialogs_ == 0 ? wish_.call_id : wish_.call_id + "." + std::to_string(dialogs_));
  message.add(sip::CSeq{++sequence_, "SUBSCRIBE"});
  return message;
}

sip::Message Subscriber::subscribe() {
  sip::Message message = dialog_ ? dialog_->request("SUBSCRIBE") : initial();
  message.add("Max-Forwards", "70");
  message.add("Event", wish_.package.name);
  message.add("Accept", wish_.package.content_type);
  add_supported(message, wanted_);
  if (wanted_.benotify) message.add("Proxy-Require", benotify_tag);
  message.set_body({}, {});
  return message;
}

sip::Message Subscriber::unsubscribe() {
  sip::Message message = dialog_ ? dialog_->request("SUBSCRIBE") : initial();
  message.add("Max-Forwards", "70");
  message.add("Event", wish_.package.name);
  message.add(sip::Expires{0});
  message.set_body({}, {});
  return message;
}

Answered Subscriber::answered(const sip::Message& request, const sip::Message& response, Time now) {
  const int status = response.status();
  if (expires_of(request) == 0) {
    forget();
    return {.kind = Kind::ended};
  }
  if (status / 100 == 2) return accepted(request, response, now);
  // SIP-BEN-02: a proxy that does not know the tag refuses what requires it.
  if (status == 420 && wanted_.benotify) {
    wanted_.benotify = false;
    return {.kind = Kind::again};
  }
  // RFC 6665 §4.1.2.2: 481 says that the subscription is gone; anything else leaves it as it is.
  if (status == 481 && dialog_) {
    forget();
    return {.kind = Kind::again};
  }
  not_before_ = now + retry_pause;
  return {.kind = dialog_ && now < expires_ && status != 489 ? Kind::active : Kind::refused};
}

Answered Subscriber::accepted(const sip::Message& request, const sip::Message& response, Time now) {
  if (!dialog_) {
    Result<dialog::Dialog> dialog = dialog::Dialog::from_response(request, response);
    if (!dialog) return {.kind = Kind::refused};
    dialog_ = *std::move(dialog);
  }
  agreed_ = confirmed(response);
  not_before_ = now + 1s;  // whatever was granted
  granted_ = granted_default;
  if (const auto seconds = expires_of(response)) granted_ = std::chrono::seconds(*seconds);
  expires_ = now + granted_;
  if (!agreed_.piggyback || response.body().empty()) return {};  // SIP-PIGY-04
  const auto piggyback = response.get<sip::MsPiggybackCseq>();
  if (piggyback && *piggyback) {
    // A notification that overtook this response has newer content.
    if ((*piggyback)->sequence < content_sequence_) return {};
    content_sequence_ = (*piggyback)->sequence;
  }
  return {.content = response.body()};
}

bool Subscriber::matches(const sip::Message& notify) const {
  if (dialog_) return dialog_->matches_request(notify);
  // RFC 6665 §4.4.1: before the 200 it is found by Call-ID, To tag and Event.
  const auto call_id = notify.view<sip::CallId>();
  const std::string expected =
      dialogs_ == 0 ? wish_.call_id : wish_.call_id + "." + std::to_string(dialogs_);
  Scanner in(wish_.from);
  const std::optional<sip::From> from = sip::From::parse(in);
  return sequence_ > 0 && call_id && *call_id && (*call_id)->value == expected && from &&
         from->tag().value_or(std::string_view{}) == tag_of<sip::To>(notify) &&
         is_event(notify, wish_.package.name);
}

Notified Subscriber::notified(const sip::Message& notify, Time now) {
  Notified result{.status = notify.method() == "BENOTIFY" ? 0 : 200};
  const auto refuse_with = [&](int status) {
    return Notified{.status = result.status == 0 ? 0 : status};
  };
  if (!is_event(notify, wish_.package.name)) return refuse_with(489);
  const std::uint32_t sequence = sequence_of(notify);
  const bool in_order = dialog_ ? dialog_->accept(notify) : sequence > content_sequence_;
  if (!in_order) return refuse_with(500);
  // Content that is older than what a 200 brought is answered, and not used.
  if (sequence > content_sequence_) {
    content_sequence_ = sequence;
    result.content = content_of(notify);
  }
  const auto state = notify.view<sip::SubscriptionState>();
  if (state && *state && equal_ignoring_case((*state)->state, "terminated")) {
    forget();
    result.terminated = true;
    return result;
  }
  if (!dialog_) return result;
  if (agreed_.autoextend)
    expires_ = now + granted_;  // SIP-AEXT-04
  else if (state && *state && (*state)->expires())
    expires_ = now + std::chrono::seconds(*(*state)->expires());  // RFC 6665 §4.1.2.1
  return result;
}

Time Subscriber::refresh_at() const {
  if (!dialog_) return never;
  return std::max(expires_ - std::min(refresh_margin, granted_ / 2), not_before_);
}

void Subscriber::forget() {
  dialog_.reset();
  agreed_ = {};
  expires_ = never;
  content_sequence_ = 0;
  sequence_ = 0;
  ++dialogs_;
}

}  // namespace kith::event
