#pragma once

#include <doctest/doctest.h>

#include <expected>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kith/acl/list.h"
#include "kith/sip/message.h"
#include "kith/sip/uri.h"

/// What the tests of this room share.
namespace kith::acl::testing {

/// As a document says it: "USER", "sip:ines@lab.example", "AA".
inline Ace ace(std::string_view type, std::string_view mask, std::string_view rights) {
  return Ace::parse(type, mask, rights).value();
}

/// Version 7.
inline List list_of(std::vector<Ace> aces) {
  return List::make(Version{7}, std::move(aces)).value();
}

/// Why there is no value; nothing where there is one.
template <class T, class E>
std::optional<E> error_of(const std::expected<T, E>& result) {
  return result ? std::nullopt : std::optional(result.error());
}

/// Points into the text.
inline sip::UriView uri(std::string_view text) { return sip::UriView::parse(text).value(); }

inline sip::Aor aor(std::string_view text) { return sip::address_of_record(uri(text)).value(); }

/// A message of a real client or of the server it was content with, from tests/data/sipe-captures.
inline sip::Message capture(const std::string& name) {
  std::ifstream file(KITH_SOURCE_DIR "/tests/data/sipe-captures/" + name + ".txt",
                     std::ios::binary);
  return sip::Message::parse(std::string(std::istreambuf_iterator<char>(file), {})).value();
}

/// That many USERs.
inline List list_with(std::size_t users) {
  std::vector<Ace> aces;
  for (std::size_t n = 0; n < users; ++n)
    aces.push_back(ace("USER", "sip:u" + std::to_string(n) + "@lab.example", "AA"));
  return list_of(std::move(aces));
}

}  // namespace kith::acl::testing
