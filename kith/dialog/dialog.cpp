#include "kith/dialog/dialog.h"

#include <algorithm>
#include <utility>

#include "kith/base/text.h"
#include "kith/sip/header/call_id.h"
#include "kith/sip/header/contact.h"
#include "kith/sip/header/cseq.h"
#include "kith/sip/header/from.h"
#include "kith/sip/header/record_route.h"
#include "kith/sip/header/to.h"

namespace kith::dialog {

namespace {

/// A From or To as our own requests carry it: the URI, its tag, and the epid by which a device of
/// the Microsoft dialect finds its security association (SIP-AUTH-17).
template <class Party>
std::string party(const Party& header, std::string_view tag) {
  std::string text = "<" + header.uri.to_string() + ">";
  if (!tag.empty()) text.append(";tag=").append(tag);
  if (const std::optional<std::string_view> epid = header.epid())
    text.append(";epid=").append(*epid);
  return text;
}

template <class Party>
std::string tag_of(const Party& header) {
  return std::string(header.tag().value_or(std::string_view{}));
}

Result<std::vector<std::string>> routes_of(const sip::Message& message) {
  const Result<std::vector<sip::RecordRoute>> recorded = message.all<sip::RecordRoute>();
  if (!recorded) return std::unexpected(recorded.error());
  std::vector<std::string> routes;
  for (const sip::RecordRoute& route : *recorded)
    routes.push_back("<" + route.uri.to_string() + ">");
  return routes;
}

Result<std::string> target_of(const sip::Message& message) {
  const Result<sip::Contact> contact = message.require<sip::Contact>();
  if (!contact) return std::unexpected(contact.error());
  if (contact->wildcard) return refuse(Fault::malformed, "Contact");
  return contact->uri.to_string();
}

/// RFC 3261 §16.4; of a route as it is kept: between brackets.
bool is_loose(std::string_view route) {
  const auto uri = sip::UriView::parse(route.substr(1, route.size() - 2));
  return uri && uri->lr();
}

bool is_sips(std::string_view uri) { return equal_ignoring_case(uri.substr(0, 5), "sips:"); }

}  // namespace

bool refreshes_target(std::string_view method) {
  return method == "SUBSCRIBE" || method == "NOTIFY" || method == "BENOTIFY" ||
         method == "INVITE" || method == "UPDATE" || method == "REFER";
}

Result<Dialog> Dialog::from_request(const sip::Message& request, std::string local_tag) {
  const Result<sip::From> from = request.require<sip::From>();
  if (!from) return std::unexpected(from.error());
  const Result<sip::To> to = request.require<sip::To>();
  if (!to) return std::unexpected(to.error());
  const Result<sip::CallId> call_id = request.require<sip::CallId>();
  if (!call_id) return std::unexpected(call_id.error());
  const Result<sip::CSeq> cseq = request.require<sip::CSeq>();
  if (!cseq) return std::unexpected(cseq.error());
  Result<std::string> target = target_of(request);
  if (!target) return std::unexpected(target.error());
  Result<std::vector<std::string>> routes = routes_of(request);
  if (!routes) return std::unexpected(routes.error());

  Dialog dialog;
  dialog.call_id_ = call_id->value;
  dialog.local_party_ = party(*to, local_tag);
  dialog.remote_party_ = party(*from, tag_of(*from));
  dialog.local_tag_ = std::move(local_tag);
  dialog.remote_tag_ = tag_of(*from);
  dialog.remote_target_ = *std::move(target);
  dialog.routes_ = *std::move(routes);
  dialog.remote_sequence_ = cseq->sequence;
  dialog.remote_sequence_known_ = true;
  dialog.secure_ = is_sips(request.request_uri());
  return dialog;
}

Result<Dialog> Dialog::from_response(const sip::Message& request, const sip::Message& response) {
  const Result<sip::From> from = request.require<sip::From>();
  if (!from) return std::unexpected(from.error());
  const Result<sip::To> to = response.require<sip::To>();
  if (!to) return std::unexpected(to.error());
  if (tag_of(*to).empty()) return refuse(Fault::missing, "To");
  const Result<sip::CallId> call_id = request.require<sip::CallId>();
  if (!call_id) return std::unexpected(call_id.error());
  const Result<sip::CSeq> cseq = request.require<sip::CSeq>();
  if (!cseq) return std::unexpected(cseq.error());
  Result<std::string> target = target_of(response);
  if (!target) return std::unexpected(target.error());
  Result<std::vector<std::string>> routes = routes_of(response);
  if (!routes) return std::unexpected(routes.error());
  std::ranges::reverse(*routes);  // RFC 3261 §12.1.2: the answerer sees them the other way round

  Dialog dialog;
  dialog.call_id_ = call_id->value;
  dialog.local_party_ = party(*from, tag_of(*from));
  dialog.remote_party_ = party(*to, tag_of(*to));
  dialog.local_tag_ = tag_of(*from);
  dialog.remote_tag_ = tag_of(*to);
  dialog.remote_target_ = *std::move(target);
  dialog.routes_ = *std::move(routes);
  dialog.local_sequence_ = cseq->sequence;
  dialog.secure_ = is_sips(request.request_uri());
  dialog.role_ = Role::caller;
  dialog.state_ = response.status() < 200 ? State::early : State::confirmed;
  return dialog;
}

void Dialog::answered(const sip::Message& response) {
  if (response.status() >= 300) return;
  if (role_ == Role::caller && state_ == State::early && response.status() >= 200) {
    if (Result<std::vector<std::string>> routes = routes_of(response)) {
      std::ranges::reverse(*routes);
      routes_ = *std::move(routes);
    }
    state_ = State::confirmed;
  }
  refreshed(response);
}

void Dialog::refreshed(const sip::Message& response) {
  if (Result<std::string> target = target_of(response)) remote_target_ = *std::move(target);
}

Order Dialog::order(std::uint32_t sequence) const {
  if (!remote_sequence_known_ || sequence > remote_sequence_) return Order::next;
  return sequence == remote_sequence_ ? Order::repeated : Order::late;
}

sip::Message Dialog::request(std::string_view method) {
  sip::Message message = outline(method);
  message.add(sip::CSeq{take_sequence(), std::string(method)});
  return message;
}

sip::Message Dialog::ack(std::uint32_t sequence) const {
  sip::Message message = outline("ACK");
  message.add(sip::CSeq{sequence, "ACK"});
  return message;
}

sip::Message Dialog::outline(std::string_view method) const {
  // RFC 3261 §12.2.1.1: a first route without lr is a strict router; it wants to be the
  // Request-URI, and the remote target becomes the last route.
  const bool strict = !routes_.empty() && !is_loose(routes_.front());
  const std::string_view first =
      strict ? std::string_view(routes_.front()).substr(1, routes_.front().size() - 2)
             : std::string_view(remote_target_);
  sip::Message message = sip::Message::request(method, first);
  for (std::size_t i = strict ? 1 : 0; i < routes_.size(); ++i) message.add("Route", routes_[i]);
  if (strict) message.add("Route", "<" + remote_target_ + ">");
  message.add("From", local_party_);
  message.add("To", remote_party_);
  message.add("Call-ID", call_id_);
  return message;
}

bool Dialog::accept(const sip::Message& request) {
  const Result<sip::CSeq> cseq = request.require<sip::CSeq>();
  if (!cseq) return false;
  if (order(cseq->sequence) != Order::next) return false;
  remote_sequence_ = cseq->sequence;
  remote_sequence_known_ = true;
  if (!refreshes_target(request.method())) return true;
  if (Result<std::string> target = target_of(request)) remote_target_ = *std::move(target);
  return true;
}

bool Dialog::matches_request(const sip::Message& request) const {
  const auto call_id = request.view<sip::CallId>();
  if (!call_id || !*call_id || (*call_id)->value != call_id_) return false;
  const auto to = request.view<sip::To>();
  const auto from = request.view<sip::From>();
  return to && *to && from && *from && (*to)->tag().value_or(std::string_view{}) == local_tag_ &&
         (*from)->tag().value_or(std::string_view{}) == remote_tag_;
}

}  // namespace kith::dialog
