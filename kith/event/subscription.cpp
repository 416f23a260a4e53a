#include "kith/event/subscription.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "kith/base/text.h"
#include "kith/sip/header/event.h"
#include "kith/sip/header/expires.h"
#include "kith/sip/header/ms_piggyback_cseq.h"

namespace kith::event {

namespace {

std::uint32_t whole_seconds(Duration duration) {
  return static_cast<std::uint32_t>(
      std::chrono::duration_cast<std::chrono::seconds>(std::max<Duration>(duration, 0s)).count());
}

std::string active_for(Duration duration) {
  return "active;expires=" + std::to_string(whole_seconds(duration));
}

/// The real client drops the body of an answer without Event.
void echo_event(sip::Message& response, const sip::Message& subscribe) {
  const Result<std::optional<sip::Event>> event = subscribe.get<sip::Event>();
  if (event && *event) response.add(**event);
}

/// RFC 3261 §12.1.1: a proxy that wants to stay in the dialog finds itself in the answer.
void echo_routes(sip::Message& response, const sip::Message& subscribe) {
  for (std::size_t i = 0; i < subscribe.field_count(); ++i)
    if (const sip::Field field = subscribe.field(i);
        equal_ignoring_case(field.name, "Record-Route"))
      response.add("Record-Route", field.value);
}

/// The name that the server of the Microsoft dialect writes in lower case.
constexpr std::string_view subscription_state = "subscription-state";

}  // namespace

Subscription::Subscription(dialog::Dialog dialog, const Package& package, std::string id,
                           Extensions extensions, Duration granted, Time now)
    : dialog_(std::move(dialog)),
      package_(package),
      id_(std::move(id)),
      extensions_(extensions),
      granted_(granted),
      expires_(now + granted) {}

sip::Message Subscription::accepted(const sip::Message& subscribe, const Content& content,
                                    Time now) {
  expires_ = now + granted_;
  sip::Message response = sip::Message::response(subscribe, 200);
  response.set_to_tag(dialog_.local_tag());
  echo_routes(response, subscribe);
  response.add(sip::Expires{whole_seconds(granted_)});
  echo_event(response, subscribe);
  response.add(subscription_state, active_for(granted_));
  add_supported(response, extensions_);
  if (extensions_.piggyback) {
    response.add(sip::MsPiggybackCseq{dialog_.take_sequence()});
    response.set_body(content.type, content.body);
  } else {
    response.set_body({}, {});
  }
  return response;
}

sip::Message Subscription::notification(const Content& content, Time now) {
  if (extensions_.autoextend) expires_ = now + granted_;
  return notify(active_for(expires_ - now), content);
}

sip::Message Subscription::farewell(std::string_view reason, const Content& content) {
  std::string state = "terminated";
  if (!reason.empty()) state.append(";reason=").append(reason);
  return notify(state, content);
}

void Subscription::refresh(Duration granted, Time now) {
  granted_ = granted;
  expires_ = now + granted;
}

sip::Message Subscription::notify(std::string_view state, const Content& content) {
  sip::Message message = dialog_.request(extensions_.benotify ? "BENOTIFY" : "NOTIFY");
  message.add("Max-Forwards", "70");
  message.add("Event",
              id_.empty() ? std::string(package_.name) : std::string(package_.name) + ";id=" + id_);
  message.add(subscription_state, state);
  message.set_body(content.type, content.body);
  return message;
}

sip::Message ended(const sip::Message& subscribe, std::string_view to_tag, const Content& content) {
  sip::Message response = sip::Message::response(subscribe, 200);
  if (!to_tag.empty()) response.set_to_tag(to_tag);
  response.add(sip::Expires{0});
  echo_event(response, subscribe);
  response.add(subscription_state, "terminated;expires=0");
  const bool piggyback = offered(subscribe).piggyback && !content.body.empty();
  if (piggyback) {
    response.add("Supported", piggyback_tag);
    response.add(sip::MsPiggybackCseq{1});
  }
  response.set_body(piggyback ? content.type : std::string_view{},
                    piggyback ? content.body : std::string_view{});
  return response;
}

}  // namespace kith::event
