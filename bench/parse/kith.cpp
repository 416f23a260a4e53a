#include <optional>

#include "bench/parse/peer.h"
#include "bench/views.h"
#include "kith/sip/headers.h"
#include "kith/sip/message.h"

namespace kith::bench {
namespace {

using namespace sip;

/// As Kith hands it out: the peers hand out pointers, and to move a message costs more than one.
Result<Message> read(std::string_view bytes) {
  Result<Message> message = Message::parse(std::string{bytes});
  must(message.has_value(), "Kith refuses a message");
  return message;
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
    const Result<Message> result = read(bytes);
    const Message& message = *result;
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
  std::size_t routing(std::string_view bytes) override { return routing_view(*read(bytes)); }
  std::size_t typed(std::string_view bytes) override { return everything_typed(*read(bytes)); }
  bool builds() const override { return true; }
  void keep(std::string_view bytes, Origin origin) override {
    kept_ = *read(bytes);
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
