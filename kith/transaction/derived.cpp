#include "kith/transaction/derived.h"

#include "kith/base/text.h"
#include "kith/sip/header/call_id.h"
#include "kith/sip/header/cseq.h"
#include "kith/sip/header/from.h"
#include "kith/sip/header/max_forwards.h"
#include "kith/sip/header/to.h"
#include "kith/sip/header/via.h"

namespace kith::transaction {
namespace {

// A request of another method within the transaction of this one: same branch, same CSeq number.
Result<sip::Message> within(const sip::Message& invite, std::string_view method,
                            const sip::Message& to_of) {
  const Result<sip::Via> via = invite.require<sip::Via>();
  if (!via) return std::unexpected(via.error());
  const Result<sip::From> from = invite.require<sip::From>();
  if (!from) return std::unexpected(from.error());
  const Result<sip::To> to = to_of.require<sip::To>();
  if (!to) return std::unexpected(to.error());
  const Result<sip::CallId> call_id = invite.require<sip::CallId>();
  if (!call_id) return std::unexpected(call_id.error());
  Result<sip::CSeq> cseq = invite.require<sip::CSeq>();
  if (!cseq) return std::unexpected(cseq.error());
  cseq->method = method;

  sip::Message message = sip::Message::request(method, invite.request_uri());
  message.add(*via);
  for (std::size_t i = 0; i < invite.field_count(); ++i)
    if (const sip::Field field = invite.field(i); equal_ignoring_case(field.name, "Route"))
      message.add(field.name, field.value);
  message.add(sip::MaxForwards{});
  message.add(*from);
  message.add(*to);
  message.add(*call_id);
  message.add(*cseq);
  message.set_body({}, {});
  return message;
}

}  // namespace

Result<sip::Message> ack_for(const sip::Message& invite, const sip::Message& response) {
  return within(invite, "ACK", response);
}

Result<sip::Message> cancel_for(const sip::Message& invite) {
  return within(invite, "CANCEL", invite);
}

}  // namespace kith::transaction
