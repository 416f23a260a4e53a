#include "bench/views.h"

#include <cstdlib>

#include "kith/sip/headers.h"

namespace kith::bench {
namespace {

using namespace sip;

std::size_t start_line(const Message& message) {
  if (!message.is_request()) return static_cast<std::size_t>(message.status());
  const auto uri = message.request_uri_view();
  if (!uri) std::abort();
  return message.method().size() + uri->host.size();
}

/// What `measure` says of a header that must be there. It is read where it lies: a view that is
/// handed on by value costs more to copy than some take to read.
template <Header H>
std::size_t first(const Message& message, auto measure) {
  const auto view = message.view<H>();
  if (!view || !*view) std::abort();
  return measure(**view);
}

template <Header H>
std::size_t seen(const Message& message) {
  const auto view = message.view<H>();
  if (!view) std::abort();
  return view->has_value() ? 1U : 0U;
}

template <Header H>
std::size_t all_seen(const Message& message) {
  std::size_t count = 0;
  if (!message.each<H>([&count](const typename H::View&) { ++count; })) std::abort();
  return count;
}

}  // namespace

std::size_t routing_view(const Message& message) {
  const auto tag_size = [](const auto& address) { return address.tag().value_or("").size(); };
  std::size_t count = start_line(message);
  count += first<Via>(message, [](const auto& via) { return via.branch().value_or("").size(); });
  count += first<From>(message, tag_size);
  count += first<To>(message, tag_size);
  count += first<CallId>(message, [](const auto& call_id) { return call_id.value.size(); });
  count += first<CSeq>(message, [](const auto& cseq) { return std::size_t{cseq.sequence}; });
  return count + seen<Contact>(message);
}

std::size_t everything_typed(const Message& message) {
  return routing_view(message) + all_seen<Via>(message) + all_seen<RecordRoute>(message) +
         all_seen<Route>(message) + all_seen<Allow>(message) + all_seen<Supported>(message) +
         all_seen<Accept>(message) + all_seen<AllowEvents>(message) + seen<MaxForwards>(message) +
         seen<UserAgent>(message) + seen<Server>(message) + seen<Authorization>(message) +
         seen<ProxyAuthorization>(message) + seen<ContentType>(message) +
         seen<ContentLength>(message) + seen<Event>(message) + seen<SubscriptionState>(message) +
         seen<Expires>(message);
}

}  // namespace kith::bench
