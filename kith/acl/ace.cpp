#include "kith/acl/ace.h"

#include <algorithm>
#include <array>
#include <utility>

#include "kith/acl/limits.h"
#include "kith/base/scanner.h"
#include "kith/base/text.h"
#include "kith/sip/uri.h"

namespace kith::acl {

namespace {

constexpr std::array scope_names{
    std::pair{Scope::all, std::string_view{"ALL"}},
    std::pair{Scope::domain, std::string_view{"DOMAIN"}},
    std::pair{Scope::user, std::string_view{"USER"}},
};

/// Word characters of [MS-SIP] §8, and the hyphen, without which no list could name real domains.
constexpr CharSet label_chars = digits | letters | CharSet{"_-"};

bool is_later(std::string_view rights) {
  return std::ranges::all_of(rights, [](char c) { return letters[c]; });
}

bool is_rights_size(std::size_t bytes) { return bytes <= rights_bytes_max; }

/// What could leave a line or an attribute has no place in a mask; the reader of URIs, which is
/// lenient, lets some of it pass between quotes.
bool is_plain(std::string_view mask) {
  return std::ranges::all_of(
      mask, [](char c) { return c > ' ' && c < '\x7F' && c != '"' && c != '<' && c != '>'; });
}

Result<std::string> key_of_user(std::string_view mask) {
  if (mask.size() > uri_bytes_max) return refuse(Fault::too_long, "mask");
  const auto uri = sip::UriView::parse(mask);
  if (!uri || !is_plain(mask)) return refuse(Fault::malformed, "mask");
  auto aor = sip::address_of_record(*uri);
  if (!aor) return refuse(Fault::malformed, "mask");
  return std::move(aor->value);
}

Result<std::string> key_of_domain(std::string_view mask) {
  if (mask.size() > domain_bytes_max) return refuse(Fault::too_long, "mask");
  if (mask.size() < domain_bytes_min) return refuse(Fault::malformed, "mask");
  if (mask.ends_with('.')) mask.remove_suffix(1);
  char before = '.';
  for (const char c : mask) {
    if (c == '.' ? before == '.' : !label_chars[c]) return refuse(Fault::malformed, "mask");
    before = c;
  }
  if (before == '.') return refuse(Fault::malformed, "mask");
  return to_lower(mask);
}

Result<std::string> key_of(Scope scope, std::string_view mask) {
  switch (scope) {
    case Scope::all:
      return std::string{};
    case Scope::domain:
      return key_of_domain(mask);
    case Scope::user:
      return key_of_user(mask);
  }
  std::unreachable();
}

}  // namespace

std::string_view to_string(Scope scope) {
  return std::ranges::find(scope_names, scope, &decltype(scope_names)::value_type::first)->second;
}

std::optional<Scope> scope_of(std::string_view type) {
  for (const auto& [scope, name] : scope_names)
    if (name == type) return scope;
  return std::nullopt;
}

Result<Rights> Rights::parse(std::string_view text) {
  constexpr std::string_view presence = "APDB";
  constexpr std::string_view communication = "AD";
  if (!is_rights_size(text.size())) return refuse(Fault::too_long, "rights");
  if (text.size() < 2 || !presence.contains(text[0]) || !communication.contains(text[1]) ||
      !is_later(text.substr(2)))
    return refuse(Fault::malformed, "rights");
  return Rights{.presence = Access{text[0]},
                .communication = Communication{text[1]},
                .later = std::string(text.substr(2))};
}

std::string Rights::to_string() const {
  std::string text{static_cast<char>(presence), static_cast<char>(communication)};
  return text += later;
}

Result<Ace> Ace::make(Scope scope, std::string_view mask, Rights rights) {
  auto key = key_of(scope, mask);
  if (!key) return std::unexpected(key.error());
  if (!is_rights_size(rights.later.size() + 2)) return refuse(Fault::too_long, "rights");
  if (!is_later(rights.later)) return refuse(Fault::malformed, "rights");
  Ace ace;
  ace.scope_ = scope;
  if (scope != Scope::all) ace.mask_ = mask;
  ace.key_ = std::move(*key);
  ace.rights_ = std::move(rights);
  return ace;
}

Result<Ace> Ace::parse(std::string_view type, std::optional<std::string_view> mask,
                       std::optional<std::string_view> rights) {
  const auto scope = scope_of(type);
  if (!scope) return refuse(Fault::unsupported, "type");
  if (!mask && *scope != Scope::all) return refuse(Fault::missing, "mask");
  auto read = rights ? Rights::parse(*rights) : Rights{};
  if (!read) return std::unexpected(read.error());
  return make(*scope, mask.value_or(""), std::move(*read));
}

std::string Ace::to_string() const {
  std::string text(acl::to_string(scope_));
  if (!mask_.empty()) text.append(" ").append(mask_);
  return text.append(" ").append(rights_.to_string());
}

}  // namespace kith::acl
