#include "kith/ua/message_parts.h"

#include "kith/base/text.h"
#include "kith/sip/header/call_id.h"
#include "kith/sip/header/cseq.h"
#include "kith/sip/header/event.h"
#include "kith/sip/header/from.h"
#include "kith/sip/method.h"

namespace kith::ua {

std::string_view call_id_of(const sip::Message& message) {
  const auto call_id = message.view<sip::CallId>();
  return call_id && *call_id ? (*call_id)->value : std::string_view{};
}

std::uint32_t sequence_of(const sip::Message& message) {
  const auto cseq = message.view<sip::CSeq>();
  return cseq && *cseq ? (*cseq)->sequence : 0;
}

std::string event_of(const sip::Message& request) {
  if (request.method() == sip::method::refer)
    return std::string{refer_without_id}.append(std::to_string(sequence_of(request)));
  const auto event = request.view<sip::Event>();
  if (!event || !*event) return {};
  return std::string{(*event)->package}.append(";").append((*event)->id().value_or(""));
}

bool may_notify_of(const sip::Message& notify, const sip::Message& request) {
  const std::string event = event_of(notify);
  return event == event_of(request) ||
         (event == refer_without_id && request.method() == sip::method::refer);
}

bool refreshes_session(std::string_view method) {
  return method == sip::method::invite || method == sip::method::update;
}

bool subscribes(std::string_view method) {
  return method == sip::method::subscribe || method == sip::method::refer;
}

bool needs_session(std::string_view method) {
  using namespace sip::method;
  return method == bye || method == invite || method == update || method == prack || method == info;
}

bool may_carry(const Flow& flow, std::string_view request_uri) {
  return is_stream(flow.transport) || !equal_ignoring_case(request_uri.substr(0, 5), "sips:");
}

std::string subscribing_key(const sip::Message& request) {
  return std::string{call_id_of(request)}.append("\n").append(tag_of<sip::From>(request));
}

}  // namespace kith::ua
