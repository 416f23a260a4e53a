#include "kith/acl/pending.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "kith/acl/limits.h"
#include "kith/acl/verdict.h"

namespace kith::acl {

namespace {

/// Whatever the watcher's From is spelled like; nothing if no entry could be about this one user.
std::optional<std::string> uri_of(const sip::UriView& watcher) {
  const auto aor = sip::address_of_record(watcher);
  if (!aor) return std::nullopt;
  const std::string_view text = aor->value;
  const std::size_t at = text.rfind('@');
  std::string uri = "sip:";
  uri.append(sip::escape_user(text.substr(0, at))).append(text.substr(at));
  if (!Ace::make(Scope::user, uri, {})) return std::nullopt;
  return uri;
}

bool waits(const Watcher& watcher, const sip::Aor& presentity, const List& acl) {
  const auto uri = sip::UriView::parse(watcher.uri);
  return uri && may(*uri, Purpose::watches, presentity, acl).access == Access::prompt;
}

}  // namespace

bool Pending::add(const sip::UriView& watcher, std::string_view display_name) {
  auto uri = uri_of(watcher);
  if (!uri || watchers_.size() >= pending_max) return false;
  if (std::ranges::find(watchers_, *uri, &Watcher::uri) != watchers_.end()) return false;
  if (display_name.size() > display_name_bytes_max) display_name = {};
  watchers_.push_back({.uri = std::move(*uri), .display_name = std::string(display_name)});
  return true;
}

bool Pending::remove(const sip::UriView& watcher) {
  const auto uri = uri_of(watcher);
  return uri && std::erase_if(watchers_, [&](const Watcher& one) { return one.uri == *uri; }) > 0;
}

bool Pending::settle(const sip::Aor& presentity, const List& acl) {
  return std::erase_if(watchers_, [&](const Watcher& watcher) {
           return !waits(watcher, presentity, acl);
         }) > 0;
}

}  // namespace kith::acl
