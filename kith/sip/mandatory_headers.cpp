#include "kith/sip/mandatory_headers.h"

#include "kith/sip/header/content_length.h"
#include "kith/sip/header/max_forwards.h"
#include "kith/sip/header/ms_keep_alive.h"

namespace kith::sip {

namespace {

template <Header H>
std::optional<Error> read_present(const Message& message, typename H::View& to) {
  const auto found = message.view<H>();
  if (!found) return found.error();
  if (!*found) return Error{Fault::missing, H::name.full};
  to = **found;
  return std::nullopt;
}

template <Header H>
std::optional<Error> check_if_present(const Message& message) {
  if (!message.has<H>()) return std::nullopt;
  const auto found = message.view<H>();
  return found ? std::nullopt : std::optional{found.error()};
}

std::optional<Error> check_body(const Message& message) {
  const auto length = message.view<ContentLength>();
  if (!length) return length.error();
  if (*length && (*length)->bytes > message.body().size())
    return Error{Fault::malformed, ContentLength::name.full};
  return std::nullopt;
}

std::optional<Error> check_request(const Message& message, const CSeqView& cseq) {
  const auto uri = message.request_uri_view();
  if (!uri) return Error{uri.error().fault, "Request-URI", uri.error().offset};
  if (cseq.method != message.method()) return Error{Fault::malformed, CSeq::name.full};
  return std::nullopt;
}

}  // namespace

std::optional<Error> first_fault(const Message& message, MandatoryHeaders& headers) {
  if (const auto error = read_present<Via>(message, headers.via)) return error;
  if (const auto error = read_present<From>(message, headers.from)) return error;
  if (const auto error = read_present<To>(message, headers.to)) return error;
  if (const auto error = read_present<CallId>(message, headers.call_id)) return error;
  if (const auto error = read_present<CSeq>(message, headers.cseq)) return error;
  if (const auto error = check_if_present<MaxForwards>(message)) return error;
  if (const auto error = check_if_present<MsKeepAlive>(message)) return error;
  if (const auto error = check_body(message)) return error;
  return message.is_request() ? check_request(message, headers.cseq) : std::nullopt;
}

std::optional<Error> first_fault(const Message& message) {
  MandatoryHeaders headers;
  return first_fault(message, headers);
}

}  // namespace kith::sip
