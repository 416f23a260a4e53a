#include "kith/ua/refusal.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "kith/base/siphash.h"
#include "kith/base/text.h"
#include "kith/sip/header/retry_after.h"
#include "kith/sip/header/to.h"
#include "kith/sip/header/via.h"

namespace kith::ua {
namespace {

std::string_view take_line(std::string_view& bytes) {
  const std::size_t end = std::min(bytes.find('\n'), bytes.size());
  std::string_view line = bytes.substr(0, end);
  bytes.remove_prefix(std::min(end + 1, bytes.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool answer_has(std::string_view line) {
  constexpr std::array<std::string_view, 9> names{"Via", "v",       "From", "f",   "To",
                                                  "t",   "Call-ID", "i",    "CSeq"};
  const std::string_view name = trim(line.substr(0, line.find(':')));
  return std::ranges::any_of(
      names, [&](std::string_view wanted) { return equal_ignoring_case(wanted, name); });
}

}  // namespace

std::optional<sip::Message> salvage(std::string_view bytes) {
  while (!bytes.empty() && (bytes.front() == '\r' || bytes.front() == '\n')) bytes.remove_prefix(1);
  const std::string_view start = take_line(bytes);
  const std::size_t method_end = start.find(' ');
  const std::size_t version = start.rfind(' ');
  if (method_end == version || !start.substr(version + 1).starts_with("SIP/")) return std::nullopt;
  // The URI may be what is wrong; no answer repeats it.
  std::string kept{start.substr(0, method_end)};
  kept += " sip:unreadable.invalid SIP/2.0\r\n";
  bool keep = false;
  while (!bytes.empty()) {
    const std::string_view line = take_line(bytes);
    if (line.empty()) break;
    const bool folded = is_blank(line.front());
    keep = folded ? keep : answer_has(line);
    if (keep) kept.append(line).append("\r\n");
  }
  kept += "Content-Length: 0\r\n\r\n";
  Result<sip::Message> message = sip::Message::parse(std::move(kept));
  if (!message || !message->is_request() || !message->has<sip::Via>()) return std::nullopt;
  return std::move(*message);
}

std::string reason_for(const Error& error) {
  std::string fault{to_string(error.fault)};
  if (!fault.empty() && fault.front() >= 'a' && fault.front() <= 'z')
    fault.front() = static_cast<char>(fault.front() - ('a' - 'A'));
  std::ranges::replace(fault, '_', ' ');
  return fault + ' ' + std::string{error.where};
}

sip::Message refusal(const sip::Message& request, int status, std::string_view reason,
                     const transaction::HashKey& secret) {
  sip::Message response = sip::Message::response(request, status, reason);
  complete_to_tag(response, secret);
  if (status == 503) {
    sip::RetryAfter retry_after;
    retry_after.seconds = retry_after_seconds;
    response.set(retry_after);
  }
  response.set_body({}, {});
  return response;
}

void complete_to_tag(sip::Message& response, const transaction::HashKey& secret) {
  const Result<std::optional<sip::ToView>> to = response.view<sip::To>();
  if (!to || !*to || (*to)->tag()) return;
  std::string seed{response.text("Call-ID")};
  seed.append("\n").append(response.text("From")).append("\n").append(response.text("CSeq"));
  const std::uint64_t hash = siphash(as_bytes(seed), secret);
  response.set_to_tag(to_hex(std::as_bytes(std::span{&hash, 1})));
}

}  // namespace kith::ua
