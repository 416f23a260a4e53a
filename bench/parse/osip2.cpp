#include <osipparser2/osip_parser.h>

#include "bench/parse/peer.h"

namespace kith::bench {
namespace {

struct Free {
  void operator()(osip_message_t* message) const { osip_message_free(message); }
};
using Message = std::unique_ptr<osip_message_t, Free>;

/// Null if it is refused.
Message try_read(std::string_view bytes) {
  osip_message_t* message = nullptr;
  must(osip_message_init(&message) == 0, "libosip2 has no memory");
  Message owned{message};
  if (osip_message_parse(message, bytes.data(), bytes.size()) != 0) return nullptr;
  return owned;
}

Message read(std::string_view bytes) {
  Message message = try_read(bytes);
  must(message != nullptr, "libosip2 refuses a message");
  return message;
}

template <class T>
const T* at(const osip_list_t& list, int position) {
  return static_cast<const T*>(osip_list_get(&list, position));
}

std::size_t size(const osip_list_t& list) {
  return static_cast<std::size_t>(osip_list_size(&list));
}

std::string text(const osip_uri_t& uri) {
  return uri_text(view(uri.scheme), view(uri.username), view(uri.host), view(uri.port));
}

std::string_view param(const osip_list_t& params, const char* name) {
  osip_generic_param_t* found = nullptr;
  // The library writes to neither; its own macros give it literals.
  osip_generic_param_get_byname(const_cast<osip_list_t*>(&params), const_cast<char*>(name), &found);
  return found != nullptr ? view(found->gvalue) : std::string_view{};
}

/// From, To and Contact are one type under three names.
std::string text(const osip_from_t& address) {
  return address_text(view(address.displayname), text(*address.url),
                      param(address.gen_params, "tag"));
}

std::string call_id(const osip_call_id_t& header) {
  const std::string_view host = view(header.host);
  return std::string{view(header.number)} + (host.empty() ? "" : "@" + std::string{host});
}

std::size_t routing_of(const osip_message_t& message) {
  std::size_t count = static_cast<std::size_t>(message.status_code);
  if (message.status_code == 0)
    count += view(message.sip_method).size() + view(message.req_uri->host).size();
  count += param(at<osip_via_t>(message.vias, 0)->via_params, "branch").size();
  count += param(message.from->gen_params, "tag").size();
  count += param(message.to->gen_params, "tag").size();
  count += view(message.call_id->number).size();
  count += std::strtoul(message.cseq->number, nullptr, 10);
  const auto* contact = at<osip_contact_t>(message.contacts, 0);
  return count + (contact != nullptr && contact->url != nullptr ? 1U : 0U);
}

class Osip2 final : public Peer {
 public:
  Osip2() { must(parser_init() == 0, "libosip2 does not start"); }
  ~Osip2() override { osip_free(written_); }

  std::string_view name() const override { return "libosip2"; }
  bool reads(std::string_view bytes) override { return try_read(bytes) != nullptr; }
  Fields fields(std::string_view bytes) override {
    const Message message = read(bytes);
    Fields fields;
    fields.start_line = message->status_code == 0
                            ? std::string{message->sip_method} + " " + text(*message->req_uri)
                            : std::to_string(message->status_code) + " " + message->reason_phrase;
    const auto& via = *at<osip_via_t>(message->vias, 0);
    fields.via = via_text(view(via.protocol), with_port(view(via.host), view(via.port)),
                          param(via.via_params, "branch"));
    fields.from = text(*message->from);
    fields.to = text(*message->to);
    fields.call_id = call_id(*message->call_id);
    fields.cseq = std::string{message->cseq->number} + " " + message->cseq->method;
    if (const auto* contact = at<osip_contact_t>(message->contacts, 0))
      fields.contact = text(*contact->url);
    return fields;
  }
  std::size_t routing(std::string_view bytes) override { return routing_of(*read(bytes)); }
  /// It has typed what it knows when it has read; other headers stay text.
  std::size_t typed(std::string_view bytes) override {
    const Message message = read(bytes);
    return routing_of(*message) + size(message->vias) + size(message->record_routes) +
           size(message->routes) + size(message->allows) + size(message->accepts) +
           size(message->authorizations) + size(message->proxy_authorizations) +
           size(message->headers);
  }
  bool builds() const override { return true; }
  void keep(std::string_view bytes, Origin) override { kept_ = read(bytes); }
  /// Anew: it keeps no bytes of what it read, only of what it wrote last.
  std::string_view write() override {
    osip_free(written_);
    std::size_t length = 0;
    osip_message_force_update(kept_.get());
    must(osip_message_to_str(kept_.get(), &written_, &length) == 0, "libosip2 does not write");
    return {written_, length};
  }

 private:
  Message kept_;
  char* written_ = nullptr;
};

}  // namespace

std::unique_ptr<Peer> make_osip2() { return std::make_unique<Osip2>(); }

}  // namespace kith::bench
