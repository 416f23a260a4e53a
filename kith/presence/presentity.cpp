#include "kith/presence/presentity.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "kith/base/text.h"
#include "kith/presence/uri.h"

namespace kith::presence {

Aggregate as_offline(const Aggregate& aggregate) {
  return {.uri = aggregate.uri,
          .state = {},
          .epid = {},
          .directory = aggregate.directory,
          .user_info = {},
          .devices = {}};
}

Presentity::Presentity(std::string uri, Directory directory, std::string user_info)
    : uri_(std::move(uri)), directory_(std::move(directory)), user_info_(std::move(user_info)) {}

Result<void> Presentity::sign_in(std::string_view epid, Publishes publishes, Time now,
                                 const Limits& limits) {
  const auto device = find_or_add(epid, limits);
  if (!device) return std::unexpected(device.error());
  (*device)->signed_in = now;
  (*device)->publishes = publishes;
  return {};
}

Result<void> Presentity::publish(std::string_view epid, const Publication& publication, Time now,
                                 const Limits& limits) {
  if (!same_presentity(publication.uri, uri_)) return refuse(Fault::forbidden, "presentity");
  const bool is_new = find(epid) == nullptr;
  const auto device = find_or_add(epid, limits);
  if (!device) return std::unexpected(device.error());
  if (is_new) (*device)->signed_in = now;
  (*device)->document = publication.document;
  (*device)->published = now;
  if (!publication.user_info.empty()) user_info_ = publication.user_info;
  return {};
}

bool Presentity::sign_out(std::string_view epid) {
  return std::erase_if(devices_, [&](const Device& device) {
           return equal_ignoring_case(device.epid, epid);
         }) > 0;
}

Aggregate Presentity::aggregate(Time now, const Policy& policy) const {
  Aggregate shown{.uri = uri_,
                  .state = {},
                  .epid = {},
                  .directory = directory_,
                  .user_info = user_info_,
                  .devices = {}};
  std::tuple<State, Time> best;
  for (const Device& device : devices_) {
    if (now >= device.silent_from(policy)) continue;
    const bool has_published = device.document.has_value();
    const std::tuple said{has_published ? device.document->state : policy.until_published,
                          has_published ? device.published : device.signed_in};
    if (shown.epid.empty() || said > best) {
      best = said;
      shown.state = std::get<State>(said);
      shown.epid = device.epid;
    }
    if (has_published)
      shown.devices.push_back(
          {.epid = device.epid, .published = device.published, .document = *device.document});
  }
  return shown;
}

Time Presentity::next_change(Time now, const Policy& policy) const {
  Time next = never;
  for (const Device& device : devices_) {
    const Time silent = device.silent_from(policy);
    if (silent > now) next = std::min(next, silent);
  }
  return next;
}

Time Presentity::Device::silent_from(const Policy& policy) const {
  const bool is_fresh = document && published >= signed_in;
  return publishes == Publishes::no || is_fresh ? never : signed_in + policy.publish_within;
}

Presentity::Device* Presentity::find(std::string_view epid) {
  const auto found = std::ranges::find_if(
      devices_, [&](const Device& device) { return equal_ignoring_case(device.epid, epid); });
  return found == devices_.end() ? nullptr : &*found;
}

Result<Presentity::Device*> Presentity::find_or_add(std::string_view epid, const Limits& limits) {
  if (Device* device = find(epid)) return device;
  if (!is_epid(epid)) return refuse(Fault::malformed, "epid");
  if (devices_.size() >= limits.devices_max) return refuse(Fault::too_many, "devices");
  devices_.push_back({.epid = std::string(epid),
                      .signed_in = {},
                      .publishes = Publishes::yes,
                      .document = {},
                      .published = {}});
  return &devices_.back();
}

}  // namespace kith::presence
