#include <utility>

#include "kith/base/overloaded.h"
#include "kith/base/text.h"
#include "kith/client/explain.h"
#include "kith/client/session.h"
#include "kith/contacts/format/roaming.h"
#include "kith/sip/header/call_id.h"
#include "kith/sip/header/event.h"
#include "kith/sip/header/to.h"

/// What a session makes of the requests of the server.
namespace kith::client {

namespace {

constexpr std::string_view allowed = "NOTIFY, BENOTIFY, OPTIONS";

}  // namespace

void Session::request_came(const ua::RequestReceived& received, Time now) {
  if (state_ == State::ended) return;
  const sip::Message& request = received.request;
  const auth::ServerCheck check = authenticator_.check(request, now);
  trace_received(&request, verdict(check));
  if (!check.acceptable()) {
    notice("ignored a request, " + std::string(check.reason));
    return;
  }
  if (request.method() == "NOTIFY" || request.method() == "BENOTIFY")
    return notification_came(received, now);
  respond(received, request.method() == "OPTIONS" ? 200 : 405, now);
}

void Session::notification_came(const ua::RequestReceived& received, Time now) {
  const sip::Message& request = received.request;
  const bool wants_answer = request.method() == "NOTIFY";
  if (is_deregistration(request)) {
    if (wants_answer) respond(received, 200, now);
    fail(Failed::Cause::refused,
         "the server signed this device out: " + std::string(trim(request.body())));
    return;
  }
  if (!subscriber_ || !subscriber_->matches(request)) {
    if (wants_answer) respond(received, 481, now);
    return;
  }
  const event::Notified notified = subscriber_->notified(request, now);
  if (notified.status != 0) respond(received, notified.status, now);
  if (state_ != State::signed_in) return;
  if (notified.content) take_content(*notified.content, now);
  if (notified.terminated && state_ == State::signed_in) {
    notice("the server ended the subscription; subscribing anew");
    reading_ = false;
    return read_again(now);
  }
  proceed(now);
}

/// [MS-SIPREGE] §3.2: in the dialog that REGISTER made.
bool Session::is_deregistration(const sip::Message& request) const {
  const auto event = request.view<sip::Event>();
  const auto call_id = request.view<sip::CallId>();
  return event && *event && equal_ignoring_case((*event)->package, "registration-notify") &&
         call_id && *call_id && (*call_id)->value == registration_.call_id();
}

void Session::respond(const ua::RequestReceived& received, int status, Time now) {
  sip::Message response = sip::Message::response(received.request, status);
  const auto to = received.request.view<sip::To>();
  if (to && *to && !(*to)->tag()) response.set_to_tag(random_.hex(5));
  if (status == 405 || status == 200) response.add("Allow", allowed);
  response.add("User-Agent", settings_.user_agent);
  response.set_body({}, {});
  authenticator_.authorize(response, now, random_);
  endpoint_.respond(received.transaction, response, now);
}

void Session::take_content(std::string_view document, Time now) {
  Result<contacts::roaming::Document> content = contacts::roaming::parse(document);
  if (!content) {
    notice("ignored a contact list: " + std::string(content.error().where) + " " +
           std::string(to_string(content.error().fault)));
    return read_again(now);
  }
  std::visit(Overloaded{
                 [&](contacts::List& list) { take(std::move(list)); },
                 [&](const contacts::Delta& delta) { take(delta, now); },
             },
             *content);
}

void Session::take(contacts::List list) {
  reading_ = false;
  readings_ = 0;
  awaited_.reset();
  list_by_ = never;
  if (list_ == list) return;
  list_ = std::move(list);
  emit(ListChanged{.list = *list_});
}

void Session::take(const contacts::Delta& delta, Time now) {
  if (!list_ || reading_) return;  // the whole list is on its way
  if (!list_->follow(delta)) {
    notice("a change of the list does not follow the last one known; reading it again");
    return read_again(now);
  }
  readings_ = 0;
  if (!awaited_ || list_->version() >= *awaited_) {
    awaited_.reset();
    list_by_ = never;
  }
  emit(ListChanged{.list = *list_, .delta = delta});
}

}  // namespace kith::client
