// Before libre's headers, which take the first for granted and define words of the others.
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <re.h>

#include "bench/parse/peer.h"

namespace kith::bench {
namespace {

struct Release {
  void operator()(void* object) const { mem_deref(object); }
};
using Message = std::unique_ptr<sip_msg, Release>;

/// Null if it is refused.
Message try_read(std::string_view bytes) {
  const std::unique_ptr<mbuf, Release> buffer{mbuf_alloc(bytes.size())};
  must(buffer != nullptr, "libre has no memory");
  mbuf_write_mem(buffer.get(), reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  buffer->pos = 0;
  sip_msg* message = nullptr;
  return Message{sip_msg_decode(&message, buffer.get()) == 0 ? message : nullptr};
}

Message read(std::string_view bytes) {
  Message message = try_read(bytes);
  must(message != nullptr, "libre refuses a message");
  return message;
}

std::string_view view(const pl& text) { return {text.p, text.l}; }

std::string text(const uri& uri) {
  return uri_text(view(uri.scheme), view(uri.user), view(uri.host),
                  uri.port != 0 ? std::to_string(uri.port) : "");
}

std::string text(const sip_taddr& address) {
  return address_text(view(address.dname), text(address.uri), view(address.tag));
}

/// The first Contact; false if there is none.
bool contact_of(const sip_msg& message, sip_addr& contact) {
  const sip_hdr* const header = sip_msg_hdr(&message, SIP_HDR_CONTACT);
  if (header == nullptr) return false;
  must(sip_addr_decode(&contact, &header->val) == 0, "libre refuses a Contact");
  return true;
}

std::size_t routing_of(const sip_msg& message) {
  sip_addr contact{};
  return message.scode + message.met.l + message.uri.host.l + message.via.branch.l +
         message.from.tag.l + message.to.tag.l + message.callid.l + message.cseq.num +
         (contact_of(message, contact) ? 1U : 0U);
}

bool count_via(const sip_hdr* header, const sip_msg*, void* count) {
  sip_via via{};
  must(sip_via_decode(&via, &header->val) == 0, "libre refuses a Via");
  ++*static_cast<std::size_t*>(count);
  return false;  // go on
}

bool count_address(const sip_hdr* header, const sip_msg*, void* count) {
  sip_addr address{};
  must(sip_addr_decode(&address, &header->val) == 0, "libre refuses an address");
  ++*static_cast<std::size_t*>(count);
  return false;
}

bool count_token(const sip_hdr*, const sip_msg*, void* count) {
  ++*static_cast<std::size_t*>(count);
  return false;
}

/// What it decodes only when it is asked to. Lists of tokens it has split when it has read.
std::size_t rest_of(const sip_msg& message) {
  std::size_t count = 0;
  sip_msg_hdr_apply(&message, true, SIP_HDR_VIA, count_via, &count);
  for (const sip_hdrid id : {SIP_HDR_RECORD_ROUTE, SIP_HDR_ROUTE})
    sip_msg_hdr_apply(&message, true, id, count_address, &count);
  for (const sip_hdrid id : {SIP_HDR_ALLOW, SIP_HDR_SUPPORTED, SIP_HDR_ACCEPT, SIP_HDR_ALLOW_EVENTS,
                             SIP_HDR_USER_AGENT, SIP_HDR_SERVER})
    sip_msg_hdr_apply(&message, true, id, count_token, &count);
  for (const sip_hdrid id : {SIP_HDR_AUTHORIZATION, SIP_HDR_PROXY_AUTHORIZATION}) {
    const sip_hdr* const header = sip_msg_hdr(&message, id);
    httpauth_digest_resp credentials{};
    if (header != nullptr && httpauth_digest_response_decode(&credentials, &header->val) == 0)
      ++count;
  }
  sipevent_event event{};
  if (const sip_hdr* const header = sip_msg_hdr(&message, SIP_HDR_EVENT))
    must(sipevent_event_decode(&event, &header->val) == 0, "libre refuses an Event");
  sipevent_substate state{};
  if (const sip_hdr* const header = sip_msg_hdr(&message, SIP_HDR_SUBSCRIPTION_STATE))
    must(sipevent_substate_decode(&state, &header->val) == 0, "libre refuses a state");
  return count + event.event.l + message.ctyp.type.l + pl_u32(&message.maxfwd) +
         pl_u32(&message.expires) + pl_u32(&message.clen);
}

class Libre final : public Peer {
 public:
  std::string_view name() const override { return "libre"; }
  bool reads(std::string_view bytes) override { return try_read(bytes) != nullptr; }
  Fields fields(std::string_view bytes) override {
    const Message message = read(bytes);
    Fields fields;
    fields.start_line =
        message->req ? std::string{view(message->met)} + " " + text(message->uri)
                     : std::to_string(message->scode) + " " + std::string{view(message->reason)};
    pl host{};
    pl port{};
    must(uri_decode_hostport(&message->via.sentby, &host, &port) == 0, "libre refuses a sent-by");
    fields.via = via_text(sip_transp_name(message->via.tp), with_port(view(host), view(port)),
                          view(message->via.branch));
    fields.from = text(message->from);
    fields.to = text(message->to);
    fields.call_id = view(message->callid);
    fields.cseq = std::to_string(message->cseq.num) + " " + std::string{view(message->cseq.met)};
    if (sip_addr contact{}; contact_of(*message, contact)) fields.contact = text(contact.uri);
    return fields;
  }
  std::size_t routing(std::string_view bytes) override { return routing_of(*read(bytes)); }
  std::size_t typed(std::string_view bytes) override {
    const Message message = read(bytes);
    return routing_of(*message) + rest_of(*message);
  }
  /// It prints headers into a buffer as it goes, and has no message to write.
  bool builds() const override { return false; }
  void keep(std::string_view bytes, Origin) override { kept_ = read(bytes); }
  std::string_view write() override {
    written_.assign(reinterpret_cast<const char*>(kept_->mb->buf), kept_->mb->end);
    return written_;
  }

 private:
  Message kept_;
  std::string written_;
};

}  // namespace

std::unique_ptr<Peer> make_libre() { return std::make_unique<Libre>(); }

}  // namespace kith::bench
