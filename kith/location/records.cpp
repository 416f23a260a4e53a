#include "kith/location/records.h"

#include <algorithm>
#include <span>
#include <utility>

#include "kith/base/overloaded.h"
#include "kith/base/text.h"

namespace kith::location {

namespace {

bool usable_name(std::string_view name) {
  return !name.empty() && name.size() <= name_size_bytes_max;
}

bool usable(const Question& question, const RecordData& data) {
  return std::visit(Overloaded{
                        [&](const Address& address) {
                          const bool v4 = address.is_v4();
                          if (address == Address{} || address == Address::v4(0, 0, 0, 0, 0))
                            return false;
                          return question.type == (v4 ? RecordType::a : RecordType::aaaa);
                        },
                        [&](const Srv& srv) {
                          return question.type == RecordType::srv && usable_name(srv.target) &&
                                 (srv.port != 0 || srv.target == ".");
                        },
                        [&](const Naptr& naptr) {
                          return question.type == RecordType::naptr &&
                                 usable_name(naptr.replacement);
                        },
                        [](const Cname&) { return false; },
                    },
                    data);
}

/// The name at the end of the aliases that the answer shows; the smallest TTL on the way.
std::string follow(const std::string& name, std::span<const Record> records, Duration& ttl) {
  std::string at = name;
  for (std::size_t links = 0; links < aliases_max; ++links) {
    const auto next = std::ranges::find_if(records, [&](const Record& record) {
      return record.owner == at && std::holds_alternative<Cname>(record.data);
    });
    if (next == records.end()) break;
    ttl = std::min<Duration>(ttl, next->ttl);
    at = std::get<Cname>(next->data).target;
  }
  return at;
}

Duration kept(Duration ttl, Duration most) { return std::clamp<Duration>(ttl, 0s, most); }

}  // namespace

std::string canonical_name(std::string_view name) {
  if (name.size() > 1 && name.ends_with('.')) name.remove_suffix(1);
  return to_lower(name);
}

Finding judge(const Question& question, const Answer& answer, const Limits& limits) {
  using enum AnswerCode;
  if (answer.code == server_failure || answer.code == timed_out)
    return {.kind = Finding::Kind::failed, .ttl = failure_ttl};
  const std::span<const Record> records(answer.records.data(),
                                        std::min(answer.records.size(), records_max));
  Finding found{.kind = Finding::Kind::found, .ttl = limits.ttl_max};
  const std::string owner = follow(question.name, records, found.ttl);
  for (const Record& record : records)
    if (record.owner == owner && usable(question, record.data)) {
      found.ttl = std::min<Duration>(found.ttl, record.ttl);
      found.records.push_back(record.data);
    }
  found.ttl = kept(found.ttl, limits.ttl_max);
  if (!found.records.empty()) return found;

  const Duration negative = answer.negative_ttl ? *answer.negative_ttl : negative_ttl_default;
  // An alias whose records were not sent along; where there is a SOA, they do not exist.
  const bool settled = answer.code == no_such_name || answer.negative_ttl;
  if (owner != question.name && !settled && usable_name(owner))
    return {.kind = Finding::Kind::alias, .alias = owner, .ttl = found.ttl};
  return {.kind = Finding::Kind::none, .ttl = kept(negative, limits.negative_ttl_max)};
}

}  // namespace kith::location
