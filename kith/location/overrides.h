#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "kith/base/result.h"
#include "kith/location/records.h"

namespace kith::location {

/// What is known without asking, as in /etc/hosts:
///
///     192.0.2.1    proxy.example.com  proxy    # an address, and its names
///     2001:db8::1  proxy.example.com
///     _sip._tcp.example.com  proxy.example.com  5070    # a service, a host or address, its port
///
/// Lines of one service are tried in their order. Nobody is asked about a name that stands here,
/// nor about a service of it: what is not in the file does not exist.
class Overrides {
 public:
  /// Refused as a whole, with the offset of the line, when one line is neither.
  static Result<Overrides> parse(std::string_view text);

  /// Nothing: ask the DNS.
  std::optional<Finding> find(const Question& question) const;

  bool operator==(const Overrides&) const = default;

 private:
  bool read(std::string_view line);
  void add(std::string_view name, RecordType type, RecordData data);

  std::map<Question, std::vector<RecordData>> records_;
  std::size_t size_ = 0;         // records
  std::set<std::string> names_;  // domains with a line, their services' labels taken off
};

}  // namespace kith::location
