#include "kith/location/overrides.h"

#include <algorithm>
#include <utility>

#include "kith/base/scanner.h"

namespace kith::location {

namespace {

constexpr std::string_view where = "overrides";
constexpr CharSet label_chars = digits | letters | CharSet{"-_"};
constexpr CharSet not_blank = ~CharSet{" \t\r"};

/// "example.com" of "_sip._tcp.example.com".
std::string_view domain_of(std::string_view name) {
  while (name.starts_with('_') && name.contains('.')) name.remove_prefix(name.find('.') + 1);
  return name;
}

bool is_name(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  if (text.empty() || text.size() > name_size_bytes_max) return false;
  for (std::size_t label = 0; const char c : text) {
    label = c == '.' ? 0 : label + 1;
    if (c == '.' ? label != 0 : (!label_chars[c] || label > 63)) return false;
  }
  return !text.starts_with('.') && !text.ends_with('.') && !text.contains("..");
}

std::string_view take_word(Scanner& in) {
  const std::string_view word = in.run(not_blank);
  in.run(~not_blank);
  return word;
}

}  // namespace

void Overrides::add(std::string_view name, RecordType type, RecordData data) {
  const std::string known = canonical_name(name);
  records_[{known, type}].push_back(std::move(data));
  ++size_;
  names_.insert(std::string(domain_of(known)));
}

bool Overrides::read(std::string_view line) {
  Scanner in(trim(line.substr(0, std::min(line.find('#'), line.size()))), Mode::strict, where);
  if (in.at_end()) return true;
  const std::string_view first = take_word(in);
  if (const std::optional<Address> address = Address::parse_host(first, 0)) {
    if (in.at_end()) return false;
    while (!in.at_end()) {
      const std::string_view name = take_word(in);
      if (!is_name(name) || Address::parse_host(name, 0)) return false;
      add(name, address->is_v4() ? RecordType::a : RecordType::aaaa, *address);
    }
    return true;
  }
  if (!first.starts_with('_') || domain_of(first) == first || !is_name(first)) return false;
  const std::string_view host = take_word(in);
  std::uint16_t port = 0;
  if (!is_name(host) && !Address::parse_host(host, 0)) return false;
  if (!in.number(port) || port == 0 || !in.at_end()) return false;
  const auto& before = records_[{canonical_name(first), RecordType::srv}];
  add(first, RecordType::srv,
      Srv{.priority = static_cast<std::uint16_t>(before.size()),
          .port = port,
          .target = canonical_name(host)});
  return true;
}

Result<Overrides> Overrides::parse(std::string_view text) {
  if (text.size() > overrides_size_bytes_max) return refuse(Fault::too_long, where);
  Overrides overrides;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (!overrides.read(text.substr(at, end - at))) return refuse(Fault::malformed, where, at);
    if (overrides.size_ > overrides_max) return refuse(Fault::too_many, where, at);
    at = end + 1;
  }
  return overrides;
}

std::optional<Finding> Overrides::find(const Question& question) const {
  if (!names_.contains(std::string(domain_of(question.name)))) return std::nullopt;
  const auto known = records_.find(question);
  if (known == records_.end()) return Finding{.kind = Finding::Kind::none};
  return Finding{.kind = Finding::Kind::found, .records = known->second};
}

}  // namespace kith::location
