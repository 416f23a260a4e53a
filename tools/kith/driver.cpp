#include "tools/kith/driver.h"

#include <netdb.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "kith/base/overloaded.h"
#include "kith/net/socket.h"

namespace kith::tool {

namespace {

constexpr Duration farewell_patience = 6s;

Maybe<Address> resolve(const Place& place) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(place.port);
  const int error = ::getaddrinfo(place.host.c_str(), port.c_str(), &hints, &found);
  if (error != 0)
    return fail(Exit::network, "cannot find the server " + place.host + ": " +
                                   ::gai_strerror(error) + "; name it with --server HOST:PORT");
  net::SocketAddress address;
  std::copy_n(reinterpret_cast<const char*>(found->ai_addr), found->ai_addrlen,
              reinterpret_cast<char*>(&address.storage));
  address.size = found->ai_addrlen;
  ::freeaddrinfo(found);
  return address.address();
}

Time utc_now() {
  return Time{
      std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch())};
}

std::string why_not(const Options& options, const Flow& flow, std::error_code why) {
  const std::string where = flow.remote.text() + " over " + std::string(to_string(flow.transport));
  if (why.category() == net::certificate_category()) {
    return "the certificate of the server at " + where + " is not believed: " + why.message() +
           (options.authorities.empty()
                ? "; name the file of its authority with --ca"
                : "; --ca " + options.authorities + " does not vouch for it");
  }
  if (why == std::errc::connection_refused)
    return "nobody listens at " + where + "; is kithd running, and is --server right?";
  return "cannot connect to " + where + ": " + why.message();
}

}  // namespace

Driver::Driver(const Options& options, client::Settings settings, Traced traced)
    : options_(options),
      traced_(std::move(traced)),
      timer_(reactor_.timer([this] {
        session_.tick(now());
        drain();
      })),
      initiator_(&utc_now),
      session_(std::move(settings), random_) {
  for (const int signal : {SIGINT, SIGTERM})
    reactor_.on_signal(signal, [this] { stopped_ = true; });
}

Driver::~Driver() = default;

Maybe<void> Driver::connect(const Place& place) {
  const Maybe<Address> address = resolve(place);
  if (!address) return std::unexpected(address.error());
  if (transport_of(options_) == Transport::tls) {
    auto context = net::TlsContext::client({.authorities = options_.authorities});
    if (!context) return fail(Exit::usage, "the certificates of --ca: " + context.error().text());
    tls_ = *std::move(context);
  }
  transports_ = std::make_unique<net::Transports>(
      reactor_, *this, net::TransportsOptions{.client_tls = tls_ ? &*tls_ : nullptr});
  const bool is_address = Address::parse_host(place.host, 0).has_value();
  transports_->connect(transport_of(options_), *address, is_address ? std::string{} : place.host);
  return {};
}

std::optional<client::Event> Driver::next(Time deadline) {
  drain();
  if (events_.empty())
    reactor_.run_until([this] { return !events_.empty() || stopped_; }, deadline);
  if (events_.empty()) return std::nullopt;
  client::Event event = std::move(events_.front());
  events_.pop_front();
  return event;
}

void Driver::sign_out() {
  if (!session_.signed_in()) return;
  stopped_ = false;
  session_.sign_out(now());
  const Time deadline = now() + farewell_patience;
  while (const std::optional<client::Event> event = next(deadline))
    if (std::holds_alternative<client::SignedOut>(*event) ||
        std::holds_alternative<client::Failed>(*event))
      return;
}

void Driver::drain() {
  while (std::optional<client::Output> output = session_.poll()) {
    std::visit(Overloaded{
                   [this](ua::Send& send) { transports_->send(send.flow, std::move(send.bytes)); },
                   [this](const ua::Close& close) { transports_->close(close.flow.id); },
                   // It may wait for a key distribution centre; there is nothing else to do
                   // meanwhile.
                   [this](const client::Initiate& job) {
                     session_.initiated(initiator_.initiate(job.targetname), now());
                   },
                   [this](client::Event& event) { take(std::move(event)); },
               },
               *output);
  }
  timer_.set(session_.next_deadline());
}

void Driver::take(client::Event event) {
  if (const auto* trace = std::get_if<client::Trace>(&event))
    traced_(*trace, flow_, now());
  else
    events_.push_back(std::move(event));
}

void Driver::connected(const Flow& flow) {
  flow_ = flow;
  session_.start(flow, now());
  drain();
}

void Driver::received(const Flow&, std::string_view bytes) {
  session_.receive(bytes, now());
  drain();
}

void Driver::failed(const Flow& flow, std::error_code why) {
  events_.emplace_back(client::Failed{.cause = client::Failed::Cause::network,
                                      .sentence = why_not(options_, flow, why)});
}

void Driver::closed(const Flow&, std::error_code why) {
  session_.closed(why, now());
  drain();
}

}  // namespace kith::tool
