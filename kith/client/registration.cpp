#include "kith/client/registration.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "kith/auth/endpoint.h"
#include "kith/base/text.h"
#include "kith/sip/header/allow_events.h"
#include "kith/sip/header/cseq.h"
#include "kith/sip/header/expires.h"
#include "kith/sip/header/ms_keep_alive.h"
#include "kith/sip/header/presence_state.h"

namespace kith::client {

namespace {

constexpr Duration refresh_margin = 30s;

std::string host_of(const Address& address) {
  return address.is_v4() ? address.host() : "[" + address.host() + "]";
}

std::optional<Duration> keep_alive_of(const sip::Message& response) {
  const auto header = response.view<sip::MsKeepAlive>();
  if (!header || !*header || !equal_ignoring_case((*header)->role, "UAS")) return std::nullopt;
  const std::string_view hop = (*header)->params.find("hop-hop").value_or(std::string_view{});
  const std::uint32_t seconds = (*header)->timeout().value_or(0);
  if (!equal_ignoring_case(hop, "yes") || seconds == 0) return std::nullopt;
  return std::chrono::seconds(seconds);
}

}  // namespace

std::string Device::from(std::string_view tag) const {
  return "<" + uri() + ">;tag=" + std::string(tag) + ";epid=" + epid;
}

std::string Device::contact(const Flow& flow) const {
  const std::string_view transport = flow.transport == Transport::udp   ? "udp"
                                     : flow.transport == Transport::tcp ? "tcp"
                                                                        : "tls";
  std::string contact = "<sip:" + user.user + "@" + flow.local.text();
  contact.append(";maddr=").append(host_of(flow.local));
  return contact.append(";transport=").append(transport).append(">;proxy=replace");
}

Registration::Registration(Device device, Random& random)
    : device_(std::move(device)), call_id_(random.hex(16)), tag_(random.hex(5)) {}

sip::Message Registration::request(const Flow& flow) {
  sip::Message message = sip::Message::request("REGISTER", "sip:" + device_.user.host);
  message.add("From", device_.from(tag_));
  message.add("To", "<" + device_.uri() + ">");
  message.add("Call-ID", call_id_);
  message.add(sip::CSeq{++sequence_, "REGISTER"});
  message.add("Max-Forwards", "70");
  message.add("Contact", device_.contact(flow) + ";+sip.instance=\"<urn:uuid:" +
                             auth::instance_of_epid(device_.epid) + ">\"");
  message.add("Event", "registration");
  message.add("Supported", "com.microsoft.msrtc.presence");  // SIP-REG-01
  message.add("ms-keep-alive", "UAC;hop-hop=yes");
  message.set_body({}, {});
  return message;
}

sip::Message Registration::removal(const Flow& flow) {
  sip::Message message = request(flow);
  message.remove("ms-keep-alive");
  message.add(sip::Expires{0});
  return message;
}

Registration::Answer Registration::answered(const sip::Message& response, Time now) {
  if (active()) {
    const auto state = response.view<sip::PresenceState>();
    if (state && *state &&
        (equal_ignoring_case((*state)->register_action, "added") ||
         equal_ignoring_case((*state)->register_action, "fixed")))
      return Answer::lost;
  }
  const auto expires = response.get<sip::Expires>();
  if (!expires || !*expires || (*expires)->seconds == 0) return Answer::malformed;
  granted_.expires = std::chrono::seconds((*expires)->seconds);
  granted_.keep_alive = keep_alive_of(response);
  granted_.events.clear();
  if (const auto events = response.all<sip::AllowEvents>())
    for (const sip::AllowEvents& event : *events) granted_.events.push_back(event.package);
  refresh_at_ = now + granted_.expires - std::min(refresh_margin, granted_.expires / 2);
  return Answer::granted;
}

void Registration::forget() {
  granted_ = {};
  refresh_at_ = never;
}

}  // namespace kith::client
