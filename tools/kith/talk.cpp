#include "tools/kith/talk.h"

#include <algorithm>
#include <csignal>
#include <iostream>
#include <set>
#include <utility>

#include "kith/base/text.h"
#include "kith/sip/method.h"
#include "kith/ua/new_request.h"
#include "tools/kith/output.h"
#include "tools/kith/password.h"
#include "tools/kith/shown.h"
#include "tools/kith/talk_text.h"
#include "tools/kith/trace.h"

namespace kith::tool {

namespace {

/// Who does not say who it is: RFC 3261 §8.1.1.3
constexpr std::string_view nobody = "sip:anonymous@anonymous.invalid";
constexpr Duration farewell_patience = 5s;

bool wants_tls(const sip::Uri& uri) {
  return uri.scheme == "sips" || equal_ignoring_case(uri.transport().value_or(""), "tls");
}

void trace(const host::Traced& traced) {
  using Direction = TraceRecord::Direction;
  const bool sent = traced.direction == ua::Direction::out;
  std::cerr << trace_text(record_of(sent ? Direction::sent : Direction::received, traced.flow,
                                    traced.at, std::string{traced.bytes}))
            << std::flush;
}

}  // namespace

Talk::Talk(const Options& options, const TalkOptions& told) : options_(options), told_(told) {
  for (const int signal : {SIGINT, SIGTERM})
    reactor_.on_signal(signal, [this] { stopped_ = true; });
}

Talk::~Talk() = default;

Maybe<void> Talk::read_options() {
  if (!told_.target.empty()) {
    const Maybe<sip::Uri> target = uri_of(told_.target, "the target");
    if (!target) return std::unexpected(target.error());
    target_ = *target;
  }
  if (!told_.proxy.empty()) {
    const Maybe<sip::Uri> proxy = uri_of(told_.proxy, "--proxy");
    if (!proxy) return std::unexpected(proxy.error());
    proxy_ = *proxy;
    proxy_->params.set("lr", {});
  }
  from_ = nobody;
  if (!told_.from.empty() || !options_.user.empty()) {
    const bool has_from = !told_.from.empty();
    const Maybe<sip::Uri> from =
        uri_of(has_from ? told_.from : options_.user, has_from ? "--from" : "--user");
    if (!from) return std::unexpected(from.error());
    from_ = from->to_string();
  }
  auto password = given_password(options_);
  if (!password) return fail(Exit::usage, password.error());
  const std::string& name = options_.login.empty() ? options_.user : options_.login;
  if (*password && !name.empty())
    login_ = auth::Login{.username = name, .password = **std::move(password)};
  return {};
}

Maybe<void> Talk::secure(host::Config& network) {
  if (options_.transport == Transport::tls || wants_tls(target_) ||
      (proxy_ && wants_tls(*proxy_))) {
    std::optional<net::TlsFiles> own;
    if (!told_.certificate.empty())
      own = net::TlsFiles{.certificate = told_.certificate, .key = told_.key};
    const bool shown = own.has_value();
    auto context = net::TlsContext::client({.authorities = options_.authorities}, std::move(own));
    if (!context)
      return fail(Exit::usage, (shown ? "the certificates of --ca, --certificate and --key: "
                                      : "the certificates of --ca: ") +
                                   context.error().text());
    client_tls_ = *std::move(context);
    network.client_tls = &*client_tls_;
  }
  if (told_.certificate.empty()) return {};
  auto context = net::TlsContext::server({.certificate = told_.certificate, .key = told_.key});
  if (!context) return fail(Exit::usage, "--certificate and --key: " + context.error().text());
  server_tls_ = *std::move(context);
  network.server_tls = &*server_tls_;
  return {};
}

Maybe<void> Talk::open(ua::UserAgentConfig config) {
  if (const Maybe<void> read = read_options(); !read) return read;
  host::Config network;
  network.offers_alias = !told_.no_alias;
  network.location.transports = {Transport::udp, Transport::tcp, Transport::tls};
  if (options_.transport) network.location.transports = {*options_.transport};
  if (const Maybe<void> secured = secure(network); !secured) return secured;
  if (options_.trace) network.trace = trace;
  host_ = std::make_unique<host::Host<ua::UserAgent>>(reactor_, std::move(network));
  if (const Maybe<void> listening = listen(); !listening) return listening;
  host_->start(std::move(config),
               [this](ua::Event& event) { events_.push_back(std::move(event)); });
  return {};
}

/// UDP, and TCP on the same port where it is free; TLS one above it, as 5061 is above 5060.
Maybe<void> Talk::listen() {
  Address address = Address::v4(0, 0, 0, 0, 0);
  if (!told_.local.empty()) {
    const Maybe<Address> local = local_address_of(told_.local);
    if (!local) return std::unexpected(local.error());
    address = *local;
  }
  for (const Transport transport : {Transport::udp, Transport::tcp, Transport::tls}) {
    if (options_.transport.value_or(transport) != transport) continue;
    if (transport == Transport::tls && !server_tls_) continue;
    Address wanted = address;
    if (wanted.port == 0 && !listening_.empty()) wanted.port = listening_.front().second.port;
    if (transport == Transport::tls && !listening_.empty()) ++wanted.port;
    auto bound = host_->listen(transport, wanted);
    if (!bound && address.port == 0) bound = host_->listen(transport, address);
    if (!bound)
      return fail(Exit::usage, "cannot listen on " + address.text() + " over " +
                                   std::string{to_string(transport)} + ": " +
                                   bound.error().message());
    listening_.emplace_back(transport, *bound);
  }
  return {};
}

// ---- Requests -----------------------------------------------------------------------------------

sip::Message Talk::request(std::string_view method) {
  sip::Message request = ua::new_request(method, from_, target_.to_string(), host_->random());
  request.add("User-Agent", "Kith/" KITH_VERSION);
  return request;
}

Maybe<void> Talk::complete(sip::Message& request) const {
  std::set<std::string> given;
  for (const std::string& line : told_.headers) {
    const std::size_t colon = line.find(':');
    const std::string_view name = trim(std::string_view{line}.substr(0, colon));
    const bool is_name =
        !name.empty() && name.find_first_not_of(
                             "-.!%*_+`'~0123456789"
                             "abcdefghijklmnopqrstuvwxyz"
                             "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string_view::npos;
    if (colon == std::string::npos || !is_name)
      return fail(Exit::usage, "--header " + line + " is not like Subject: lunch");
    if (given.insert(to_lower(name)).second) request.remove(name);
    request.add(name, trim(std::string_view{line}.substr(colon + 1)));
  }
  if (proxy_) request.prepend("Route", "<" + proxy_->to_string() + ">");
  return {};
}

Maybe<Flow> Talk::reach() {
  std::optional<std::expected<Flow, host::Unreachable>> found;
  host_->reach(
      location::Request{.uri = proxy_ ? *proxy_ : target_},
      [&found](std::expected<Flow, host::Unreachable> reached) { found = std::move(reached); });
  reactor_.run_until([&] { return found || stopped_; }, now() + options_.timeout);
  if (!found && stopped_) return fail(Exit::refused, "stopped by a signal");
  if (!found) return std::unexpected(silence());
  if (!*found) return fail(Exit::network, (*found).error().text());
  return **found;
}

std::string Talk::contact(const Flow& flow) const {
  Address here = flow.local;
  for (const auto& [transport, address] : listening_)
    if (transport == flow.transport && address.is_v4() == here.is_v4()) here.port = address.port;
  // RFC 3261 §8.1.1.8: who is reached over TLS all the way says so.
  const bool sips = target_.scheme == "sips";
  std::string uri = (sips ? "sips:kith@" : "sip:kith@") + here.text();
  if (flow.transport != Transport::udp && !sips)
    uri += ";transport=" + to_lower(to_string(flow.transport));
  return uri;
}

Failure Talk::silence() const {
  return {.exit = Exit::network,
          .sentence = "no answer within " + std::to_string(options_.timeout / 1s) +
                      " s; --timeout waits longer, --trace shows what was said"};
}

// ---- Waiting ------------------------------------------------------------------------------------

void Talk::take(Try& attempt, ua::Event event, const Heard& heard) {
  const auto ours = [&attempt](ua::TransactionId id) {
    return std::ranges::find(attempt.transactions, id) != attempt.transactions.end();
  };
  if (auto* response = std::get_if<ua::Response>(&event)) {
    if (!ours(response->transaction)) return;
    if (response->message.status() < 200) {
      if (heard) heard(*response);
    } else if (!attempt.response) {
      attempt.response = std::move(*response);
    }
  } else if (const auto* ended = std::get_if<ua::TransactionEnded>(&event)) {
    if (!ours(ended->transaction) || attempt.response) return;
    if (ended->why == ua::Ending::transport_error)
      attempt.failure = Failure{.exit = Exit::network,
                                .sentence = "it could not be sent: " + ended->error.message()};
    else
      attempt.failure =
          Failure{.exit = Exit::network, .sentence = "nobody answered, however often it was sent"};
  } else if (!std::holds_alternative<ua::Refused>(event)) {
    kept_.push_back(std::move(event));
  }
}

Maybe<ua::Response> Talk::wait(Try& attempt, Time deadline, const Heard& heard) {
  const auto over = [&] {
    while (!events_.empty() && !attempt.response) {
      ua::Event event = std::move(events_.front());
      events_.pop_front();
      take(attempt, std::move(event), heard);
    }
    return attempt.response || attempt.failure || !attempt.unreachable.empty() || stopped_;
  };
  reactor_.run_until(over, deadline);
  if (attempt.response) return *std::move(attempt.response);
  if (attempt.failure) return std::unexpected(*attempt.failure);
  if (!attempt.unreachable.empty()) return fail(Exit::network, attempt.unreachable);
  if (stopped_) return fail(Exit::refused, "stopped by a signal");
  return std::unexpected(silence());
}

/// An INVITE that is left alone would ring on: RFC 3261 §9.1
Maybe<Answered> Talk::give_up(Try& attempt, const sip::Message& request, const Heard& heard,
                              const Failure& why) {
  const bool cancelled =
      !attempt.transactions.empty() && agent().cancel(attempt.transactions.back(), now());
  if (!cancelled) return std::unexpected(why);
  const bool stopped = std::exchange(stopped_, false);
  Maybe<ua::Response> response = wait(attempt, now() + farewell_patience, heard);
  stopped_ = stopped || stopped_;
  if (!response || response->message.status() >= 300)
    return fail(Exit::refused, why.exit == Exit::refused
                                   ? why.sentence
                                   : "nobody took the call within " +
                                         std::to_string(options_.timeout / 1s) +
                                         " s; --timeout waits longer");
  return Answered{.request = request,
                  .message = std::move(response->message),
                  .dialog = response->dialog,
                  .flow = response->flow,
                  .given_up = true};
}

Maybe<Answered> Talk::ask_once(const sip::Message& request, const Heard& heard) {
  const Time start = now();
  const auto attempt = std::make_shared<Try>();  // a server may be looked for longer than we wait
  host_->request(request,
                 [attempt](const std::expected<ua::TransactionId, host::Unreachable>& started) {
                   if (started)
                     attempt->transactions.push_back(*started);
                   else
                     attempt->unreachable = started.error().text();
                 });
  Maybe<ua::Response> response = wait(*attempt, start + options_.timeout, heard);
  if (!response && request.method() == sip::method::invite)
    return give_up(*attempt, request, heard, response.error());
  if (!response) return std::unexpected(response.error());
  return Answered{.request = request,
                  .message = std::move(response->message),
                  .dialog = response->dialog,
                  .flow = response->flow,
                  .took = now() - start};
}

std::string Talk::hint(const auth::Unanswered& why) const {
  std::string text{to_string(why.reason)};
  if (!why.realm.empty()) text = "realm \"" + shown(why.realm) + "\": " + text;
  if (why.reason == auth::Unanswered::Reason::no_login)
    text += "; give --user or --login, and the password in KITH_PASSWORD or by --password-file";
  return text;
}

Maybe<Answered> Talk::ask(sip::Message request, const Heard& heard) {
  if (const Maybe<void> completed = complete(request); !completed)
    return std::unexpected(completed.error());
  auth::Attempt attempt;
  answers_.authorize(request, host_->random());
  while (true) {
    Maybe<Answered> answered = ask_once(request, heard);
    if (!answered || answered->given_up) return answered;
    const int status = answered->message.status();
    if (status != 401 && status != 407) return answered;
    auto again = answers_.answer(request, answered->message, attempt, *this, host_->random());
    if (!again) {
      answered->hint = hint(again.error());
      return answered;
    }
    request = std::move(again->request);
  }
}

Maybe<Answered> Talk::ask_in(ua::DialogId dialog, std::string_view method,
                             const std::function<void(sip::Message&)>& fill) {
  auth::Attempt turns;
  while (true) {
    const Time start = now();
    std::optional<sip::Message> request = agent().draft(dialog, method);
    if (!request) return fail(Exit::network, "the dialog is gone");
    request->add("User-Agent", "Kith/" KITH_VERSION);
    if (fill) fill(*request);
    answers_.authorize(*request, host_->random());
    const auto attempt = std::make_shared<Try>();  // as in ask_once()
    host_->send(dialog, *request,
                [attempt](const std::expected<ua::TransactionId, host::Unreachable>& started) {
                  if (started)
                    attempt->transactions.push_back(*started);
                  else
                    attempt->unreachable = started.error().text();
                });
    Maybe<ua::Response> response = wait(*attempt, start + options_.timeout, {});
    if (!response) return std::unexpected(response.error());
    Answered answered{.request = *std::move(request),
                      .message = std::move(response->message),
                      .dialog = dialog,
                      .flow = response->flow,
                      .took = now() - start};
    const int status = answered.message.status();
    if (status != 401 && status != 407) return answered;
    const auto learnt = answers_.challenged(answered.request, answered.message, turns, *this);
    if (learnt) continue;
    answered.hint = hint(learnt.error());
    return answered;
  }
}

std::optional<ua::Event> Talk::next(Time deadline) {
  std::deque<ua::Event>& events = kept_.empty() ? events_ : kept_;
  if (events.empty()) reactor_.run_until([this] { return !events_.empty() || stopped_; }, deadline);
  if (events.empty()) return std::nullopt;
  ua::Event event = std::move(events.front());
  events.pop_front();
  return event;
}

void Talk::flush() {
  constexpr int turns = 3;  // what the agent says, what is queued for it, what the sockets take
  int left = turns;
  std::function<void()> turn = [&] {
    if (--left > 0) reactor_.post(turn);
  };
  agent();
  reactor_.post(turn);
  reactor_.run_until([&left] { return left == 0; }, never);
}

}  // namespace kith::tool
