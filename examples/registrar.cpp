// Remembers where users are (RFC 3261 §10), sends callers there (§8.3), and tells those who watch a
// user whether they are registered (RFC 6665 §4.2).
//   registrar [PORT]   on 127.0.0.1, UDP and TCP; 0 or nothing: a port that is free
#include "bindings.h"
#include "kith/xml/writer.h"
#include "program.h"

using namespace examples;

struct Registrar : Program<ua::UserAgent> {
  struct Watch {
    sip::Uri user;
    std::string event;  // with its id: RFC 6665 §4.5.2
    Time until;
    bool told_open = false;
  };
  Bindings bindings{};
  std::map<ua::DialogId, Watch> watches{};
  net::Timer next_look = reactor.timer([this] { look(); });

  void run(const Arguments& given) {
    listen(given.number(0, 0));
    start(*this, {.packages = {"presence"}});
    host.run();
  }
  void on(const ua::Request& request) {
    const auto user = sip::Uri::parse(request.message.request_uri());
    if (!user) return respond(request, 400);
    if (request.message.method() == "SUBSCRIBE") return subscribe(request, *user);
    if (request.message.method() != "REGISTER") return redirect(request, *user);
    respond(request, bindings.update(request.message, host.now()));
    look();
  }
  void on(const ua::DialogEnded& ended) { watches.erase(ended.id); }
  void redirect(const ua::Request& request, const sip::Uri& user) {
    auto elsewhere = sip::Message::response(request.message, 302);
    for (const auto& each : bindings.find(user, host.now())) elsewhere.add(each.contact);
    if (!elsewhere.has<sip::Contact>()) return respond(request, 404);
    respond(request, std::move(elsewhere));
  }
  void subscribe(const ua::Request& request, const sip::Uri& user) {
    const auto wanted = request.message.get<sip::Expires>().value_or(std::nullopt);
    const std::uint32_t granted = wanted ? std::min(wanted->seconds, 3600U) : 3600;
    auto ok = sip::Message::response(request.message, 200);
    ok.add("Expires", std::to_string(granted));
    ok.add("Contact", contact);
    respond(request, ok);
    const auto dialog = host->dialog_of(request.transaction);
    if (!dialog) return;
    const auto known = watches.find(*dialog);  // who refreshes asks our Contact, not the user
    notify(*dialog, watches[*dialog] = {known == watches.end() ? user : known->second.user,
                                        std::string{request.message.text("Event")},
                                        host.now() + std::chrono::seconds(granted)});
  }
  void notify(ua::DialogId dialog, Watch& watch) {
    auto notify = host->draft(dialog, "NOTIFY");
    if (!notify) return;
    const auto left = std::chrono::ceil<std::chrono::seconds>(watch.until - host.now()).count();
    notify->add("Event", watch.event);
    notify->add("Subscription-State",
                left > 0 ? "active;expires=" + std::to_string(left) : "terminated;reason=timeout");
    notify->add("Contact", contact);
    watch.told_open = is_open(watch);
    xml::Writer pidf;
    pidf.start("presence").attribute("xmlns", "urn:ietf:params:xml:ns:pidf");
    pidf.attribute("entity", watch.user.to_string()).start("tuple").attribute("id", "registrar");
    pidf.start("status").element("basic", watch.told_open ? "open" : "closed").end().end().end();
    notify->set_body("application/pidf+xml", pidf.take());
    (void)host->send(dialog, *std::move(notify), host.now());
  }
  bool is_open(const Watch& watch) { return !bindings.find(watch.user, host.now()).empty(); }
  void look() {
    for (auto& [dialog, watch] : watches)
      if (is_open(watch) != watch.told_open) notify(dialog, watch);
    next_look.set(host.now() + 1s);
  }
};

int main(int argc, char** argv) { Registrar().run({argc, argv, 0, 1, "registrar [PORT]"}); }
