#include "kith/sip/message_build.h"

#include <string>

#include "kith/base/ensure.h"
#include "kith/sip/header/call_id.h"
#include "kith/sip/header/cseq.h"
#include "kith/sip/header/max_forwards.h"

namespace kith::sip {

Message build(const NewRequest& parts) {
  constexpr std::string_view magic_cookie = "z9hG4bK";  // RFC 3261 §8.1.1.7
  ensure(!parts.method.empty() && !parts.branch.empty() && !parts.from_tag.empty() &&
         !parts.call_id.empty() && parts.sequence < (1U << 31));
  Message message = Message::request(parts.method, parts.uri.to_string());

  Via via = parts.via;
  std::string branch{parts.branch.starts_with(magic_cookie) ? "" : magic_cookie};
  via.params.set("branch", branch.append(parts.branch));
  message.add(via);
  for (const Route& route : parts.routes) message.add(route);
  message.add(MaxForwards{.hops = parts.max_forwards});

  From from = parts.from;
  from.params.set("tag", parts.from_tag);
  message.add(from);
  To to = parts.to;
  if (to.uri.host.empty() && to.uri.text.empty()) to.uri = parts.uri;
  message.add(to);
  message.add(CallId{std::string{parts.call_id}});
  message.add(CSeq{.sequence = parts.sequence, .method = std::string{parts.method}});
  if (parts.contact) message.add(*parts.contact);
  return message;
}

}  // namespace kith::sip
