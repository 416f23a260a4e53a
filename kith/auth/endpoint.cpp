#include "kith/auth/endpoint.h"

#include <algorithm>
#include <array>
#include <optional>

#include "kith/auth/limits.h"
#include "kith/base/text.h"
#include "kith/crypto/digest.h"
#include "kith/sip/header/contact.h"
#include "kith/sip/header/from.h"

namespace kith::auth {

namespace {

constexpr std::string_view uuid_urn = "urn:uuid:";

/// The UUID of the first Contact's +sip.instance, in lower case; empty if there is none.
std::string instance_in(const sip::Message& message) {
  const Result<std::optional<sip::ContactView>> contact = message.view<sip::Contact>();
  if (!contact || !*contact || (*contact)->wildcard) return {};
  const std::string instance = to_lower((*contact)->instance().value_or(std::string_view{}));
  return instance.starts_with(uuid_urn) ? instance.substr(uuid_urn.size()) : std::string{};
}

std::expected<SaRef, std::string_view> device_in_from(const sip::Message& request) {
  const Result<std::optional<sip::FromView>> from = request.view<sip::From>();
  if (!from || !*from) return std::unexpected("Malformed Address");
  std::optional<sip::Aor> aor = address_of_record((*from)->uri);
  if (!aor) return std::unexpected("Not a SIP Address");
  const std::optional<std::string_view> epid = (*from)->epid();
  if (epid && !is_epid(*epid)) return std::unexpected("Bad epid");
  return SaRef{.aor = std::move(*aor), .epid = to_lower(epid.value_or(std::string_view{}))};
}

}  // namespace

std::string instance_of_epid(std::string_view epid) {
  std::string text("\x03\xfb\xac\xfc\x73\x8a\xef\x46\x91\xb1\xe5\xeb\xee\xab\xa4\xfe", 16);
  text += epid;
  const crypto::Digest<20> hash = crypto::sha1(text);
  // The first three fields are printed little-endian: bytes 3 2 1 0, 5 4, 7 6.
  constexpr std::array<std::size_t, 16> order{3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
  std::array<std::byte, 16> uuid{};
  std::ranges::transform(order, uuid.begin(), [&](std::size_t from) { return hash.at(from); });
  uuid[6] = (uuid[6] & std::byte{0x0f}) | std::byte{0x50};
  uuid[8] = (uuid[8] & std::byte{0x3f}) | std::byte{0x80};
  std::string out = crypto::hex(uuid);
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) out.insert(dash, 1, '-');
  return out;
}

bool is_epid(std::string_view text) {
  return !text.empty() && text.size() <= limits::epid_length_max &&
         std::ranges::all_of(text, [](char c) {
           const char lower = to_lower(c);
           return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'f');
         });
}

std::expected<SaRef, std::string_view> endpoint_of(const sip::Message& request) {
  std::expected<SaRef, std::string_view> device = device_in_from(request);
  // Only REGISTER says which instance a device is; other requests are spared the look at Contact.
  if (!device || (!device->epid.empty() && request.method() != "REGISTER")) return device;
  std::string instance = instance_in(request);
  if (device->epid.empty()) {
    if (instance.empty()) return std::unexpected("Missing epid");
    device->epid = std::move(instance);
    return device;
  }
  if (instance.empty()) return device;
  // The UUID comes from the epid as the client spells it.
  const Result<std::optional<sip::FromView>> from = request.view<sip::From>();
  if (instance != instance_of_epid(*(*from)->epid()))
    return std::unexpected("epid and sip.instance Do Not Belong Together");
  return device;
}

}  // namespace kith::auth
