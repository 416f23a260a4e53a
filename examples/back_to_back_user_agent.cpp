// Answers calls and makes each of them anew to another place, so that two calls are one: a
// back-to-back user agent, RFC 3261 §6.
//   back_to_back_user_agent PORT URI   on 127.0.0.1, UDP and TCP; 0: a port that is free
#include "kith/sip/header/from.h"
#include "kith/sip/header/max_forwards.h"
#include "kith/ua/new_request.h"
#include "program.h"

using namespace examples;

struct BackToBackUserAgent : Program<ua::UserAgent> {
  std::string callee{};
  std::map<ua::TransactionId, ua::Request> asked{};  // by our INVITE: the one that it repeats
  std::map<ua::DialogId, ua::DialogId> other{};      // of two dialogs that are one call

  void run(const Arguments& given) {
    callee = given.text(1);
    listen(given.number(0, 0));
    start(*this, {.methods = {"INVITE", "ACK", "CANCEL", "BYE"}});
    host.run();
  }

  void on(const ua::Request& request) {
    if (request.dialog) return respond(request, request.message.method() == "BYE" ? 200 : 488);
    const std::string from = request.message.require<sip::From>()->uri.to_string();
    auto call = ua::new_request("INVITE", from, callee, host.random());
    auto hops = request.message.require<sip::MaxForwards>().value_or(sip::MaxForwards{});
    if (!hops.decrement()) return respond(request, 483);
    call.set(hops);
    host.request(relayed(request.message, std::move(call)), [this, request](const auto& started) {
      started ? void(asked.insert_or_assign(*started, request)) : respond(request, 480);
    });
  }
  void on(const ua::Response& response) {
    const auto found = asked.find(response.transaction);
    const int status = response.message.status();
    if (found == asked.end() || status == 100 || response.repeated) return;
    const ua::Request& request = found->second;
    const bool is_for_us = status / 100 == 3 || status == 401 || status == 407;
    auto answer = sip::Message::response(request.message, is_for_us ? 480 : status);
    const bool gone = !respond(request, relayed(response.message, std::move(answer)));
    if (gone && status < 200) host->cancel(response.transaction, host.now());
    if (gone && status / 100 == 2) bye(*response.dialog);
    const auto dialog = host->dialog_of(request.transaction);
    if (!gone && dialog && response.dialog)
      other[*dialog] = *response.dialog, other[*response.dialog] = *dialog;
    if (status >= 200) asked.erase(found);
  }
  void on(const ua::Ack& ack) {
    const auto leg = ack.dialog ? other.find(*ack.dialog) : other.end();
    const std::string_view type = ack.message.text("Content-Type");
    if (leg != other.end()) (void)host->ack(leg->second, host.now(), type, ack.message.body());
  }
  void on(const ua::Cancelled& cancelled) {
    for (const auto& [ours, request] : asked)
      if (request.transaction == cancelled.invite) host->cancel(ours, host.now());
  }
  void on(const ua::TransactionEnded& ended) {  // an INVITE of ours that nobody answered
    if (const auto found = asked.extract(ended.transaction)) respond(found.mapped(), 408);
  }
  void on(const ua::DialogEnded& ended) {
    const auto leg = other.extract(ended.id);
    if (!leg || other[leg.mapped()] != ended.id) return;  // or another callee took its place
    other.erase(leg.mapped());
    bye(leg.mapped());
  }

  /// The session of the one in the other.
  sip::Message relayed(const sip::Message& from, sip::Message to) const {
    if (to.is_request() || to.status() < 300) to.set("Contact", contact);
    if (!from.body().empty()) to.set_body(from.text("Content-Type"), from.body());
    return to;
  }
};

int main(int argc, char** argv) {
  BackToBackUserAgent().run({argc, argv, 2, 2, "back_to_back_user_agent PORT URI"});
}
