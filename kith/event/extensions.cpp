#include "kith/event/extensions.h"

#include "kith/sip/header/proxy_require.h"
#include "kith/sip/header/supported.h"

namespace kith::event {

Extensions confirmed(const sip::Message& response) {
  return Extensions{
      .benotify = sip::lists<sip::Supported>(response, benotify_tag),
      .piggyback = sip::lists<sip::Supported>(response, piggyback_tag),
      .autoextend = sip::lists<sip::Supported>(response, autoextend_tag),
  };
}

Extensions offered(const sip::Message& subscribe) {
  Extensions extensions = confirmed(subscribe);
  extensions.benotify =
      extensions.benotify && sip::lists<sip::ProxyRequire>(subscribe, benotify_tag);
  return extensions;
}

void add_supported(sip::Message& message, const Extensions& extensions) {
  // A line each: the real client does not find a tag that shares its line with another.
  if (extensions.autoextend) message.add("Supported", autoextend_tag);
  if (extensions.piggyback) message.add("Supported", piggyback_tag);
  if (extensions.benotify) message.add("Supported", benotify_tag);
}

}  // namespace kith::event
