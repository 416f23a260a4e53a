#include "server/service/answer.h"

#include <cstdint>
#include <string>

#include "kith/base/text.h"
#include "kith/sip/header/min_expires.h"
#include "kith/sip/header/to.h"
#include "kith/sip/message.h"
#include "server/service/limits.h"

namespace kith::service {

namespace {

constexpr std::size_t tag_bytes = 8;

Outcome refuse_with(const Request& request, int status, std::string_view where,
                    std::string_view what) {
  std::string reason(sip::reason_phrase(status));
  reason.append(": ").append(where).append(" ").append(what);
  return service::refuse_with(request, status, reason);
}

}  // namespace

void add(sip::Message& response, const Diagnostic& diagnostic, const Settings& settings) {
  std::string value = std::to_string(diagnostic.id);
  value.append(";reason=\"").append(diagnostic.reason).append("\"");
  value.append(";source=\"").append(settings.host).append("\"");
  response.add("ms-diagnostics", value);
}

sip::Message answer(const sip::Message& request, int status, std::string_view reason,
                    Random& random) {
  sip::Message response = sip::Message::response(request, status, reason);
  const auto to = request.view<sip::To>();
  if (to && *to && !(*to)->tag()) response.set_to_tag(random.hex(tag_bytes));
  response.set_body({}, {});
  return response;
}

sip::Message answer(const Request& request, int status, std::string_view reason) {
  return answer(request.message, status, reason, request.random);
}

Outcome refuse_with(const Request& request, int status, std::string_view reason) {
  return Outcome{.reply = answer(request, status, reason)};
}

Outcome refuse_with(const Request& request, int status, const Diagnostic& diagnostic) {
  Outcome outcome = refuse_with(request, status);
  add(outcome.reply, diagnostic, request.settings);
  return outcome;
}

Outcome refuse_with(const Request& request, const Error& error) {
  return refuse_with(request, sip::status_of(error), error.where, to_string(error.fault));
}

Outcome refuse_with(const Request& request, const sip::Problem& problem) {
  return refuse_with(request, problem.status, problem.error.where, problem.what);
}

sip::Message try_later(const sip::Message& request, Random& random) {
  sip::Message response = answer(request, 503, {}, random);
  response.add("Retry-After", "5");
  return response;
}

std::string own_contact(const Settings& settings, const Flow& flow) {
  std::string contact = "<sip:" + settings.host + ":" + std::to_string(flow.local.port);
  if (is_stream(flow.transport)) contact += ";transport=" + to_lower(to_string(flow.transport));
  return contact + ">";
}

bool fits(const Flow& flow, std::string_view body) {
  return is_stream(flow.transport) || body.size() <= limits::datagram_body_bytes_max;
}

bool is_to_self(const Request& request) {
  const auto to = request.message.view<sip::To>();
  return to && *to && sip::address_of_record((*to)->uri) == request.caller.aor;
}

Outcome too_brief(const Request& request, Duration shortest) {
  Outcome outcome = refuse_with(request, 423);
  outcome.reply.add(sip::MinExpires{static_cast<std::uint32_t>(shortest / 1s)});
  return outcome;
}

}  // namespace kith::service
