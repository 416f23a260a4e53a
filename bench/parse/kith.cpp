#include <optional>

#include "bench/parse/peer.h"
#include "kith/sip/headers.h"
#include "kith/sip/message.h"

namespace kith::bench {
namespace {

using namespace sip;

Message read(std::string_view bytes) {
  auto message = Message::parse(std::string{bytes});
  must(message.has_value(), "Kith refuses a message");
  return std::move(*message);
}

template <Header H>
typename H::View first(const Message& message) {
  const auto value = message.view<H>();
  must(value && *value, "Kith misses a header");
  return **value;
}

std::string port_text(const std::optional<std::uint16_t>& port) {
  return port ? std::to_string(*port) : "";
}

std::string text(const UriView& uri) {
  return uri_text(uri.scheme, uri.user, uri.host, port_text(uri.port));
}

template <class A>
std::string text(const A& address) {
  return address_text(address.display_name, text(address.uri), address.tag().value_or(""));
}

template <Header H>
std::size_t seen(const Message& message) {
  const auto value = message.view<H>();
  must(value.has_value(), "Kith refuses a header");
  return value->has_value() ? 1U : 0U;
}

template <Header H>
std::size_t all_seen(const Message& message) {
  std::size_t count = 0;
  must(message.each<H>([&count](const typename H::View&) { ++count; }).has_value(),
       "Kith refuses a header");
  return count;
}

std::size_t routing_of(const Message& message) {
  std::size_t count = static_cast<std::size_t>(message.status());
  if (message.is_request()) {
    const auto uri = message.request_uri_view();
    must(uri.has_value(), "Kith refuses a Request-URI");
    count += message.method().size() + uri->host.size();
  }
  count += first<Via>(message).branch().value_or("").size();
  count += first<From>(message).tag().value_or("").size();
  count += first<To>(message).tag().value_or("").size();
  count += first<CallId>(message).value.size() + first<CSeq>(message).sequence;
  return count + seen<Contact>(message);
}

std::size_t typed_of(const Message& message) {
  return routing_of(message) + all_seen<Via>(message) + all_seen<RecordRoute>(message) +
         all_seen<Route>(message) + all_seen<Allow>(message) + all_seen<Supported>(message) +
         all_seen<Accept>(message) + all_seen<AllowEvents>(message) + seen<MaxForwards>(message) +
         seen<UserAgent>(message) + seen<Server>(message) + seen<Authorization>(message) +
         seen<ProxyAuthorization>(message) + seen<ContentType>(message) +
         seen<ContentLength>(message) + seen<Event>(message) + seen<SubscriptionState>(message) +
         seen<Expires>(message);
}

/// The same message, put together line by line.
Message build(const Message& from) {
  Message built = from.is_request() ? Message::request(from.method(), from.request_uri())
                                    : Message::response(from, from.status(), from.reason());
  for (std::size_t i = 0; i < from.field_count(); ++i) built.remove(from.field(i).name);
  for (std::size_t i = 0; i < from.field_count(); ++i)
    built.add(from.field(i).name, from.field(i).value);
  if (!from.body().empty()) built.set_body(from.text("Content-Type"), from.body());
  return built;
}

class Kith final : public Peer {
 public:
  std::string_view name() const override { return "Kith"; }
  bool reads(std::string_view bytes) override {
    return Message::parse(std::string{bytes}).has_value();
  }
  Fields fields(std::string_view bytes) override {
    const Message message = read(bytes);
    Fields fields;
    if (message.is_request()) {
      const auto uri = message.request_uri_view();
      must(uri.has_value(), "Kith refuses a Request-URI");
      fields.start_line = std::string{message.method()} + " " + text(*uri);
    } else {
      fields.start_line = std::to_string(message.status()) + " " + std::string{message.reason()};
    }
    const ViaView via = first<Via>(message);
    fields.via = via_text(via.transport, with_port(via.host, port_text(via.port)),
                          via.branch().value_or(""));
    fields.from = text(first<From>(message));
    fields.to = text(first<To>(message));
    fields.call_id = first<CallId>(message).value;
    const CSeqView cseq = first<CSeq>(message);
    fields.cseq = std::to_string(cseq.sequence) + " " + std::string{cseq.method};
    if (message.has<Contact>()) fields.contact = text(first<Contact>(message).uri);
    return fields;
  }
  std::size_t routing(std::string_view bytes) override { return routing_of(read(bytes)); }
  std::size_t typed(std::string_view bytes) override { return typed_of(read(bytes)); }
  bool builds() const override { return true; }
  void keep(std::string_view bytes, Origin origin) override {
    kept_ = read(bytes);
    if (origin == Origin::built) kept_ = build(*kept_);
  }
  std::string_view write() override {
    written_.clear();
    kept_->write_to(written_);
    return written_;
  }

 private:
  std::optional<Message> kept_;
  std::string written_;
};

}  // namespace

std::unique_ptr<Peer> make_kith() { return std::make_unique<Kith>(); }

}  // namespace kith::bench
