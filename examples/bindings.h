#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "kith/base/time.h"
#include "kith/sip/header/contact.h"
#include "kith/sip/header/cseq.h"
#include "kith/sip/header/expires.h"
#include "kith/sip/header/path.h"
#include "kith/sip/header/to.h"
#include "kith/sip/message.h"

namespace examples {

using namespace kith;

/// Where users are: the location service of RFC 3261 §10, which a registrar writes and a proxy
/// reads.
class Bindings {
 public:
  static constexpr std::uint32_t expires_min = 60, expires_default = 3600, expires_max = 7200;
  static constexpr std::size_t users_max = 10'000, contacts_max = 10, path_max = 10;

  struct Place {
    sip::Contact contact{};
    std::vector<sip::Path> path{};  // what is to be passed on the way there: RFC 3327 §5.4

    const sip::Uri& next_hop() const { return path.empty() ? contact.uri : path.front().uri; }
    std::vector<std::string> routes() const {
      std::vector<std::string> routes;
      for (const sip::Path& each : path) routes.push_back(written(each));
      return routes;
    }
  };

  /// Where the user can be reached now.
  std::vector<Place> find(const sip::UriView& uri, Time now) const {
    std::vector<Place> found;
    if (const auto aor = sip::address_of_record(uri))
      for (const Binding& each : current(*aor, now)) found.push_back(each.place);
    return found;
  }

  /// The answer to a REGISTER: RFC 3261 §10.3. All of it is done, or nothing. Its Path is kept, and
  /// repeated, whether or not the user agent says that it knows of it: RFC 3327 §5.3.
  sip::Message update(const sip::Message& request, Time now) {
    const auto refuse = [&](int status) { return sip::Message::response(request, status); };
    const auto to = request.view<sip::To>();
    const auto wanted = request.all<sip::Contact>();
    const auto cseq = request.require<sip::CSeq>();
    const auto expires = request.get<sip::Expires>();
    const auto path = request.all<sip::Path>();
    const auto aor = to && *to ? sip::address_of_record((*to)->uri) : std::nullopt;
    if (!wanted || !cseq || !expires || !path) return refuse(400);
    if (!aor) return refuse(404);
    if (users_.size() >= users_max && !users_.contains(*aor)) return refuse(503);

    std::vector<Binding> after = current(*aor, now);
    for (const sip::Contact& contact : *wanted) {
      std::uint32_t seconds = *expires ? (*expires)->seconds : expires_default;
      seconds = std::min(contact.expires().value_or(seconds), expires_max);
      if (contact.wildcard && (wanted->size() > 1 || seconds > 0)) return refuse(400);
      if (seconds > 0 && seconds < expires_min) {
        auto brief = refuse(423);
        brief.add("Min-Expires", std::to_string(expires_min));
        return brief;
      }
      const auto same = [&](const Binding& each) {
        return contact.wildcard || equivalent(each.place.contact, contact);
      };
      for (const Binding& each : after)  // an older request that was overtaken changes nothing
        if (same(each) && each.call_id == request.text("Call-ID") && each.cseq >= cseq->sequence)
          return refuse(500);
      std::erase_if(after, same);
      if (seconds > 0)
        after.push_back({{contact, *path},
                         std::string{request.text("Call-ID")},
                         cseq->sequence,
                         now + std::chrono::seconds(seconds)});
    }
    if (after.size() > contacts_max || path->size() > path_max) return refuse(403);

    auto ok = refuse(200);
    for (Binding& each : after) {
      const auto left = std::chrono::ceil<std::chrono::seconds>(each.until - now);
      each.place.contact.params.set("expires", std::to_string(left.count()));
      ok.add(each.place.contact);
    }
    for (const sip::Path& each : *path) ok.add(each);
    after.empty() ? void(users_.erase(*aor)) : void(users_[*aor] = std::move(after));
    return ok;
  }

 private:
  struct Binding {
    Place place;
    std::string call_id;
    std::uint32_t cseq = 0;
    Time until = never;
  };

  std::vector<Binding> current(const sip::Aor& aor, Time now) const {
    const auto user = users_.find(aor);
    std::vector<Binding> found = user == users_.end() ? std::vector<Binding>{} : user->second;
    std::erase_if(found, [&](const Binding& each) { return each.until <= now; });
    return found;
  }

  std::map<sip::Aor, std::vector<Binding>> users_;
};

}  // namespace examples
