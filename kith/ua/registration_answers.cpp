// What a registration makes of responses.

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "kith/sip/header/call_id.h"
#include "kith/sip/header/cseq.h"
#include "kith/sip/header/expires.h"
#include "kith/sip/header/flow_timer.h"
#include "kith/sip/header/min_expires.h"
#include "kith/sip/header/require.h"
#include "kith/sip/header/retry_after.h"
#include "kith/sip/header/service_route.h"
#include "kith/sip/status_code.h"
#include "kith/ua/limits.h"
#include "kith/ua/message_parts.h"
#include "kith/ua/registration.h"

namespace kith::ua {
namespace {

namespace status_code = sip::status_code;
using std::chrono::seconds;

constexpr Duration refresh_margin = 120s;
constexpr Duration keep_alive_stream = 120s;  // RFC 5626 §4.4
constexpr Duration keep_alive_udp = 29s;      // RFC 5626 §4.4: shorter than what NATs forget after

/// Of another try something may come.
bool may_pass(int status) {
  constexpr std::array passing{status_code::request_timeout,
                               status_code::flow_failed,
                               status_code::temporarily_unavailable,
                               status_code::server_internal_error,
                               status_code::bad_gateway,
                               status_code::service_unavailable,
                               status_code::server_timeout};
  return std::ranges::find(passing, status) != passing.end();
}

template <class Header>
std::optional<std::uint32_t> seconds_of(const sip::Message& message) {
  const auto header = message.view<Header>();
  return header && *header ? std::optional{(*header)->seconds} : std::nullopt;
}

/// How often the flow is to be pinged; nothing where the other end did not say that it knows of it.
std::optional<Duration> keep_alive_of(const sip::Message& response, const Flow& flow,
                                      bool outbound) {
  if (!is_stream(flow.transport)) return keep_alive_udp;
  if (const auto timer = seconds_of<sip::FlowTimer>(response); timer && *timer > 0)
    return seconds(*timer);
  return outbound ? std::optional{keep_alive_stream} : std::nullopt;
}

std::vector<std::string> service_route_of(const sip::Message& response) {
  std::vector<std::string> routes;
  const auto count = response.each<sip::ServiceRoute>([&](const sip::ServiceRouteView& route) {
    if (routes.size() <= service_routes_max) routes.push_back(written(route));
  });
  if (!count || routes.size() > service_routes_max) routes.clear();
  return routes;
}

Registration::Bindings bindings_of(const sip::Message& response) {
  Result<std::vector<sip::Contact>> contacts = response.all<sip::Contact>();
  if (!contacts) return {};
  return {.contacts = *std::move(contacts)};
}

}  // namespace

void Registration::answered(const sip::Message& response, Time now) {
  if (!pending_ || response.status() < 200 ||
      sequence_of(response) != sequence_of(pending_->request) ||
      call_id_of(response) != call_id_of(pending_->request))
    return;
  const Pending done = *std::exchange(pending_, std::nullopt);
  const int status = response.status();
  if (status / 100 == 2)
    succeeded(done, response, now);
  else if (status == status_code::unauthorized ||
           status == status_code::proxy_authentication_required)
    challenged(done, response);
  else
    refused(done, response, now);
  proceed(now);
}

void Registration::succeeded(const Pending& done, const sip::Message& response, Time now) {
  Way* way = find(done.reg_id);
  switch (done.purpose) {
    case Purpose::bind:
      if (way != nullptr && way->flow) bound(*way, response, now);
      break;
    case Purpose::remove:
      if (way != nullptr) lose_binding(*way);
      break;
    case Purpose::remove_all:
      for (Way& each : ways_) lose_binding(each);
      left_.clear();
      break;
    case Purpose::fetch:
      outputs_.push_back(bindings_of(response));
      break;
  }
}

void Registration::bound(Way& way, const sip::Message& response, Time now) {
  const std::optional<sip::Contact> own = own_contact(way, response);
  std::optional<std::uint32_t> granted = own ? own->expires() : std::nullopt;
  if (own && !granted) granted = seconds_of<sip::Expires>(response);
  if (own && !granted) granted = wish_.expires_seconds;
  if (!granted || *granted == 0) return fail(way, Failure::not_bound, now);

  // RFC 3261 §10.3: it may be shorter than what was asked for, and is never longer.
  const Duration length = seconds(std::min(*granted, wish_.expires_seconds));
  const bool outbound = uses_outbound() && sip::lists<sip::Require>(response, "outbound");
  const bool was_bound = way.binding.has_value();
  way.binding = Binding{now + length, outbound, service_route_of(response)};
  replaced(way);
  way.failures = 0;
  const bool renewed = call_id_of(response) != wish_.call_id;  // while this was under way
  if (!stopping_) way.try_at = renewed ? now : now + length - std::min(refresh_margin, length / 2);
  way.keep_alive.set(keep_alive_of(response, way.flow->flow, outbound), now, random_);
  if (!renewed) learn_gruus(*own);
  if (!was_bound) outputs_.push_back(Registered{way.reg_id});
  if (!outbound && ways_.size() > 1) only(way.reg_id);
}

/// RFC 3261 §10.2.4: which of the bindings is ours. The instance says it where there is one, for
/// the URI may have been rewritten on the way.
std::optional<sip::Contact> Registration::own_contact(const Way& way,
                                                      const sip::Message& response) const {
  const auto contacts = response.all<sip::Contact>();
  const auto uri = sip::Uri::parse(way.flow->contact);
  if (!contacts || !uri) return std::nullopt;
  for (const sip::Contact& contact : *contacts) {
    if (contact.wildcard) continue;
    const auto instance = contact.instance();
    const bool same_instance = instance && *instance == wish_.instance && !wish_.instance.empty();
    const auto reg_id = contact.reg_id();
    if (same_instance && reg_id && *reg_id == way.reg_id) return contact;
    if (same_instance && !reg_id) return contact;
    if (!instance && equivalent(contact.uri, *uri)) return contact;
  }
  return std::nullopt;
}

/// RFC 5627 §4.2: each 200 may bring another temporary one, and those before stay valid.
void Registration::learn_gruus(const sip::Contact& own) {
  if (wish_.instance.empty()) return;
  if (const auto pub = own.pub_gruu()) pub_gruu_ = *pub;
  const auto temp = own.temp_gruu();
  if (!temp || std::ranges::find(temp_gruus_, *temp) != temp_gruus_.end()) return;
  temp_gruus_.emplace_back(*temp);
  if (temp_gruus_.size() > temp_gruus_max) temp_gruus_.pop_front();
}

void Registration::challenged(const Pending& done, const sip::Message& response) {
  Way* way = find(done.reg_id);
  if (way == nullptr || !way->flow) return;
  if (credentials_ == nullptr || done.challenges >= registration_challenges_max ||
      !credentials_->challenged(done.request, response))
    return end(Ending::credentials, response.status(), response.reason());
  send(done.purpose, *way, done.challenges + 1);
}

/// RFC 3261 §10.2.8: the registrar wants longer ones.
bool Registration::lengthened(const sip::Message& response) {
  const auto least = seconds_of<sip::MinExpires>(response);
  if (!least || *least <= wish_.expires_seconds) return false;
  wish_.expires_seconds = *least;
  return true;
}

void Registration::refused(const Pending& done, const sip::Message& response, Time now) {
  const int status = response.status();
  Way* way = find(done.reg_id);
  if (way == nullptr || !way->flow) return;
  if (done.purpose == Purpose::fetch) return outputs_.push_back(Bindings{});
  if (done.purpose != Purpose::bind || stopping_)
    return end(Ending::refused, status, response.reason());

  // RFC 5626 §4.2.1: without outbound there is one flow, and no reg-id.
  if (status == status_code::first_hop_lacks_outbound_support && uses_outbound()) {
    outbound_ = false;
    only(done.reg_id);
    find(done.reg_id)->try_at = now;
  } else if (status == status_code::interval_too_brief) {
    if (!lengthened(response)) return end(Ending::interval, status, response.reason());
    way->try_at = now;
  } else if (may_pass(status)) {
    const auto pause = response.view<sip::RetryAfter>();
    // RFC 5626 §4.2.2: the flow stays, it may be that only the registrar is overloaded.
    fail(*way, Failure::refused_now, now, status,
         pause && *pause ? Duration{seconds((*pause)->seconds)} : Duration{});
  } else {
    end(status / 100 == 3 ? Ending::redirected : Ending::refused, status, response.reason());
  }
}

}  // namespace kith::ua
