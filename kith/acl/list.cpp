#include "kith/acl/list.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "kith/base/address.h"
#include "kith/base/ensure.h"
#include "kith/base/text.h"

namespace kith::acl {

namespace {

using Place = std::pair<Scope, std::string_view>;

Place place(const Ace& ace) { return {ace.scope(), ace.key()}; }

/// Where the entry is, or would have to be.
template <class Aces>
auto place_of(Aces& aces, const Place& wanted) {
  return std::ranges::lower_bound(aces, wanted, {}, [](const Ace& ace) { return place(ace); });
}

/// The host without what can differ in no two names of it.
std::string domain_of(const sip::UriView& uri) {
  std::string host = to_lower(uri.host);
  if (host.ends_with('.')) host.pop_back();
  return host;
}

}  // namespace

List::List() {
  auto everybody = Ace::make(
      Scope::all, "",
      {.presence = unlisted_presence, .communication = unlisted_communication, .later = {}});
  ensure(everybody.has_value());
  aces_.push_back(std::move(*everybody));
}

std::expected<List, Refusal> List::make(Version version, std::vector<Ace> aces) {
  if (version == Version{0}) return std::unexpected(Refusal::version_conflict);
  List list;
  list.version_ = version;
  list.aces_ = std::move(aces);
  std::ranges::sort(list.aces_, {}, place);
  if (std::ranges::adjacent_find(list.aces_, {}, place) != list.aces_.end())
    return std::unexpected(Refusal::already_there);
  return list;
}

const Ace* List::ace(Scope scope, std::string_view key) const {
  const Place wanted{scope, key};
  const auto at = place_of(aces_, wanted);
  return at != aces_.end() && place(*at) == wanted ? &*at : nullptr;
}

const Ace* List::about(const sip::UriView& watcher) const {
  if (const auto aor = sip::address_of_record(watcher))
    if (const Ace* user = ace(Scope::user, aor->value)) return user;
  const std::string host = domain_of(watcher);
  const bool has_parents = !Address::parse_host(host, 0);
  for (std::string_view domain = host; !domain.empty();) {
    if (const Ace* found = ace(Scope::domain, domain)) return found;
    const std::size_t dot = domain.find('.');
    if (!has_parents || dot == std::string_view::npos) break;
    domain.remove_prefix(dot + 1);
  }
  return ace(Scope::all, "");
}

std::expected<void, Refusal> List::expect(Version version) const {
  if (version != version_) return std::unexpected(Refusal::version_conflict);
  return {};
}

std::expected<Changed, Refusal> List::apply(const SetAce& set, const Limits& limits) {
  if (const auto current = expect(set.expected); !current) return std::unexpected(current.error());
  return this->set(set.ace, limits);
}

std::expected<Changed, Refusal> List::set(Ace ace, const Limits& limits) {
  const Ace* old = this->ace(ace.scope(), ace.key());
  if (old == nullptr && aces_.size() >= limits.aces_max)
    return std::unexpected(Refusal::too_many_aces);
  return step(old == nullptr ? std::nullopt : std::optional(*old), std::move(ace));
}

std::expected<Changed, Refusal> List::remove(Scope scope, std::string_view mask) {
  const auto wanted = Ace::make(scope, mask, {});
  const Ace* old = wanted ? ace(scope, wanted->key()) : nullptr;
  if (old == nullptr) return std::unexpected(Refusal::no_such_ace);
  return step(*old, std::nullopt);
}

std::expected<Changed, Refusal> List::step(std::optional<Ace> before, std::optional<Ace> after) {
  if (version_.value == std::numeric_limits<std::uint32_t>::max())
    return std::unexpected(Refusal::versions_exhausted);
  const auto at = place_of(aces_, place(before ? *before : *after));
  if (!before) {
    aces_.insert(at, *after);
  } else if (after) {
    *at = *after;
  } else {
    aces_.erase(at);
  }
  const Version from = version_;
  ++version_.value;
  return Changed{
      .from = from, .to = version_, .before = std::move(before), .after = std::move(after)};
}

}  // namespace kith::acl
