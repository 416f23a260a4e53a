#include <sofia-sip/msg_addr.h>
#include <sofia-sip/msg_buffer.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_parser.h>

#include <array>
#include <cstring>

#include "bench/parse/peer.h"

namespace kith::bench {
namespace {

struct Destroy {
  void operator()(msg_t* message) const { msg_destroy(message); }
};
using Message = std::unique_ptr<msg_t, Destroy>;

const sip_t& object(const Message& message) { return *sip_object(message.get()); }

/// Null if it is refused.
Message try_read(std::string_view bytes) {
  Message message{msg_create(sip_default_mclass(), 0)};
  must(message != nullptr, "Sofia-SIP has no memory");
  const auto size = static_cast<usize_t>(bytes.size());
  void* const room = msg_buf_exact(message.get(), size + 1);
  must(room != nullptr, "Sofia-SIP has no memory");
  std::memcpy(room, bytes.data(), bytes.size());
  msg_buf_commit(message.get(), size, 1);
  if (msg_extract(message.get()) <= 0) return nullptr;
  const sip_t& sip = object(message);
  if (sip.sip_flags & MSG_FLG_ERROR || (sip.sip_request == nullptr) == (sip.sip_status == nullptr))
    return nullptr;
  return message;
}

Message read(std::string_view bytes) {
  Message message = try_read(bytes);
  must(message != nullptr, "Sofia-SIP refuses a message");
  return message;
}

std::string text(const url_t& uri) {
  return uri_text(view(uri.url_scheme), view(uri.url_user), view(uri.url_host), view(uri.url_port));
}

std::string text(const sip_addr_t& address) {
  return address_text(view(address.a_display), text(*address.a_url), view(address.a_tag));
}

std::size_t routing_of(const sip_t& sip) {
  std::size_t count = 0;
  if (sip.sip_request != nullptr)
    count += view(sip.sip_request->rq_method_name).size() +
             view(sip.sip_request->rq_url->url_host).size();
  else
    count += static_cast<std::size_t>(sip.sip_status->st_status);
  return count + view(sip.sip_via->v_branch).size() + view(sip.sip_from->a_tag).size() +
         view(sip.sip_to->a_tag).size() + view(sip.sip_call_id->i_id).size() +
         sip.sip_cseq->cs_seq + (sip.sip_contact != nullptr ? 1U : 0U);
}

template <class T>
std::size_t length(const T* header, T* T::* next) {
  std::size_t count = 0;
  for (; header != nullptr; header = header->*next) ++count;
  return count;
}

template <class... T>
std::size_t present(const T*... header) {
  return (std::size_t{0} + ... + (header != nullptr ? 1U : 0U));
}

class Sofia final : public Peer {
 public:
  std::string_view name() const override { return "Sofia-SIP"; }
  bool reads(std::string_view bytes) override { return try_read(bytes) != nullptr; }
  Fields fields(std::string_view bytes) override {
    const Message message = read(bytes);
    const sip_t& sip = object(message);
    Fields fields;
    if (const sip_request_t* const line = sip.sip_request)
      fields.start_line = std::string{line->rq_method_name} + " " + text(*line->rq_url);
    else
      fields.start_line =
          std::to_string(sip.sip_status->st_status) + " " + sip.sip_status->st_phrase;
    std::string_view transport = view(sip.sip_via->v_protocol);
    transport.remove_prefix(transport.rfind('/') + 1);
    fields.via =
        via_text(transport, with_port(view(sip.sip_via->v_host), view(sip.sip_via->v_port)),
                 view(sip.sip_via->v_branch));
    fields.from = text(*sip.sip_from);
    fields.to = text(*sip.sip_to);
    fields.call_id = sip.sip_call_id->i_id;
    fields.cseq = std::to_string(sip.sip_cseq->cs_seq) + " " + sip.sip_cseq->cs_method_name;
    if (sip.sip_contact != nullptr) fields.contact = text(*sip.sip_contact->m_url);
    return fields;
  }
  std::size_t routing(std::string_view bytes) override { return routing_of(object(read(bytes))); }
  /// It has typed everything when it has read.
  std::size_t typed(std::string_view bytes) override {
    const Message message = read(bytes);
    const sip_t& sip = object(message);
    return routing_of(sip) + length(sip.sip_via, &sip_via_t::v_next) +
           length(sip.sip_record_route, &sip_record_route_t::r_next) +
           length(sip.sip_route, &sip_route_t::r_next) +
           present(sip.sip_allow, sip.sip_supported, sip.sip_accept, sip.sip_allow_events,
                   sip.sip_max_forwards, sip.sip_user_agent, sip.sip_server, sip.sip_authorization,
                   sip.sip_proxy_authorization, sip.sip_content_type, sip.sip_content_length,
                   sip.sip_event, sip.sip_subscription_state, sip.sip_expires);
  }
  bool builds() const override { return true; }
  void keep(std::string_view bytes, Origin origin) override {
    origin_ = origin;
    kept_ = read(bytes);
  }
  std::string_view write() override { return origin_ == Origin::built ? print() : gather(); }

 private:
  /// What a transport would hand to writev(), in one piece.
  std::string_view gather() {
    must(msg_prepare(kept_.get()) >= 0, "Sofia-SIP does not write");
    std::array<msg_iovec_t, 64> pieces;
    const auto count =
        static_cast<std::size_t>(msg_iovec(kept_.get(), pieces.data(), pieces.size()));
    must(count <= pieces.size(), "Sofia-SIP writes in too many pieces");
    written_.clear();
    for (std::size_t i = 0; i < count; ++i)
      written_.append(static_cast<const char*>(pieces[i].siv_base), pieces[i].siv_len);
    return written_;
  }
  /// From the structures, none of the bytes that were read.
  std::string_view print() {
    const auto length = msg_object_e(room_.data(), room_size, msg_object(kept_.get()), 0);
    const auto size = static_cast<std::size_t>(length);
    must(length > 0 && size < room_.size(), "Sofia-SIP does not print");
    return {room_.data(), size};
  }

  static constexpr int room_size = 4096;

  Origin origin_ = Origin::read;
  Message kept_;
  std::string written_;
  std::array<char, room_size> room_;
};

}  // namespace

std::unique_ptr<Peer> make_sofia() { return std::make_unique<Sofia>(); }

}  // namespace kith::bench
