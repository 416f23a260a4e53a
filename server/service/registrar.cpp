#include "server/service/registrar.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "kith/contacts/format/roaming.h"
#include "kith/sip/header/call_id.h"
#include "kith/sip/header/contact.h"
#include "kith/sip/header/cseq.h"
#include "kith/sip/header/event.h"
#include "kith/sip/header/expires.h"
#include "kith/sip/header/ms_keep_alive.h"
#include "kith/sip/header/presence_state.h"
#include "kith/sip/header/supported.h"
#include "kith/sip/header/user_agent.h"
#include "server/service/answer.h"
#include "server/service/limits.h"

namespace kith::service::registrar {

namespace {

/// What a client supports that takes part in presence as Microsoft has it: SIP-REG-04.
constexpr std::string_view presence_tag = "com.microsoft.msrtc.presence";

std::uint32_t seconds_of(Duration duration) {
  return static_cast<std::uint32_t>(
      std::chrono::duration_cast<std::chrono::seconds>(duration).count());
}

/// What one Contact of the request asks for.
struct Wish {
  sip::Contact contact;
  std::string key;
  Duration lifetime;
};

/// The key of a binding within its user. Two devices of one user differ in epid, or in instance
/// where there is no epid; a plain client is as many devices as it has Contacts.
std::string key_of(const Caller& caller, const sip::Contact& contact) {
  if (!caller.epid.empty()) return "epid:" + caller.epid;
  if (const auto instance = contact.instance()) return "instance:" + to_lower(*instance);
  return "contact:" + contact.uri.to_string();
}

Device* find(User& user, std::string_view key) {
  const auto found =
      std::ranges::find(user.devices, key, [](const Device& each) { return each.binding.device; });
  return found == user.devices.end() ? nullptr : &*found;
}

/// A refusal, or what to do with the bindings.
using Wishes = std::variant<Outcome, std::vector<Wish>>;

Wishes wishes(const Request& request, const std::vector<sip::Contact>& asked,
              const std::optional<sip::Expires>& expires) {
  const Settings& settings = request.settings;
  std::vector<Wish> wishes;
  for (const sip::Contact& contact : asked) {
    if (contact.wildcard) return refuse_with(request, 400, "Bad Request: * stands alone");
    std::optional<std::uint32_t> seconds = contact.expires();
    if (!seconds && expires) seconds = expires->seconds;
    Duration lifetime = settings.registration_default;
    if (seconds)
      lifetime = std::min<Duration>(std::chrono::seconds(*seconds), settings.registration_max);
    if (lifetime > Duration::zero() && lifetime < settings.registration_min)
      return too_brief(request, settings.registration_min);  // RFC 3261 §10.3, step 7
    std::string key = key_of(request.caller, contact);
    wishes.push_back({contact, std::move(key), lifetime});
  }
  return wishes;
}

/// A registration of the same device that is older than the one known: RFC 3261 §10.3, step 7. On
/// another connection a client may count from 1 again.
bool is_out_of_order(const Device& device, const Request& request, std::string_view call_id,
                     std::uint32_t cseq) {
  return device.flow == request.caller.flow && device.binding.call_id == call_id &&
         cseq <= device.binding.cseq;
}

void forget(User& user, const Device& device, Outcome& outcome) {
  // SIP-REG-14: with the binding go the subscriptions of that device.
  if (!device.binding.epid.empty()) user.drop_of_epid(device.binding.epid);
  outcome.writes.emplace_back(store::RemoveBinding{device.binding.device});
  const std::string key = device.binding.device;
  std::erase_if(user.devices, [&](const Device& each) { return each.binding.device == key; });
}

store::Binding binding_of(const Request& request, const Wish& wish, std::string_view call_id,
                          std::uint32_t cseq) {
  sip::Contact listed;
  listed.display_name = wish.contact.display_name;
  listed.uri = wish.contact.uri;
  if (const auto q = wish.contact.params.find("q")) listed.params.set("q", *q);
  if (const auto instance = wish.contact.params.find("+sip.instance"))
    listed.params.set_quoted("+sip.instance", *instance);
  const auto agent = request.message.view<sip::UserAgent>();
  return store::Binding{
      .device = wish.key,
      .epid = request.caller.epid,
      .instance = std::string(wish.contact.instance().value_or(std::string_view{})),
      .contact = written(listed),
      .call_id = std::string(call_id),
      .cseq = cseq,
      .expires = request.now + wish.lifetime,
      .flow = request.caller.flow.remote.text(),
      .user_agent = std::string(agent && *agent ? (*agent)->text : std::string_view{}),
  };
}

/// Whether the device's binding is new.
bool put(User& user, store::Binding binding, const Request& request, Outcome& outcome) {
  outcome.writes.emplace_back(store::PutBinding{binding});
  Device* const known = find(user, binding.device);
  Device device{.binding = std::move(binding),
                .flow = request.caller.flow,
                .knows_presence = sip::lists<sip::Supported>(request.message, presence_tag)};
  if (known)
    *known = std::move(device);
  else
    user.devices.push_back(std::move(device));
  return known == nullptr;
}

void list_bindings(const User& user, const Request& request, Outcome& outcome) {
  for (const Device& device : user.devices) {
    const Duration left = std::max<Duration>(device.binding.expires - request.now, 0s);
    outcome.reply.add("Contact",
                      device.binding.contact + ";expires=" + std::to_string(seconds_of(left)));
  }
}

/// What the 200 needs besides the bindings: SIP-REG-12, and section 3 of the real client's needs.
/// adhoclist is announced although presence is not served: a client that knows it asks once for
/// all its contacts and is told 489 once, instead of once a contact.
void announce(const Request& request, Outcome& outcome) {
  outcome.reply.add("Allow-Events", packages_served);
  outcome.reply.add("Supported", "adhoclist");
  const auto event = request.message.view<sip::Event>();
  if (event && *event) outcome.reply.add("Event", (*event)->package);
  const auto keep_alive = request.message.view<sip::MsKeepAlive>();
  if (keep_alive && *keep_alive && equal_ignoring_case((*keep_alive)->role, "UAC"))
    outcome.reply.add("ms-keep-alive", "UAS; tcp=no; hop-hop=yes; end-end=no; timeout=" +
                                           std::to_string(seconds_of(request.settings.keep_alive)));
  outcome.reply.add("Server", "LC/2.0 kith");
}

/// "*" with Expires: 0: RFC 3261 §10.2.2.
Outcome remove_all(User& user, const Request& request, const std::optional<sip::Expires>& expires) {
  if (!expires || expires->seconds != 0)
    return refuse_with(request, 400, "Bad Request: * needs Expires: 0");
  Outcome outcome{.reply = answer(request, 200)};
  while (!user.devices.empty()) forget(user, Device(user.devices.front()), outcome);
  outcome.reply.add(sip::Expires{0});
  outcome.signs_off = true;
  return outcome;
}

std::optional<Outcome> refusal(const Request& request) {
  const sip::Message& message = request.message;
  if (!is_to_self(request))
    return refuse_with(request, 403, "Forbidden: the registration of somebody else");
  const auto event = message.view<sip::Event>();
  if (!event) return refuse_with(request, event.error());
  if (*event && (*event)->package != "registration")
    return refuse_with(request, 489, diagnostics::wrong_register_event);  // SIP-REG-07
  const auto keep_alive = message.view<sip::MsKeepAlive>();  // SIP-TRAN-13, SIP-TRAN-14
  if (!keep_alive) return refuse_with(request, keep_alive.error());
  return std::nullopt;
}

/// Does what the Contacts ask; a registration that comes out of order changes nothing at all.
std::optional<Outcome> apply(User& user, const Request& request, const std::vector<Wish>& wishes,
                             Outcome& outcome) {
  const auto call_id = request.message.view<sip::CallId>();
  const auto cseq = request.message.view<sip::CSeq>();
  if (!call_id || !*call_id || !cseq || !*cseq) return refuse_with(request, 400);
  std::size_t added = 0;
  for (const Wish& wish : wishes) {
    const Device* const known = find(user, wish.key);
    if (known && is_out_of_order(*known, request, (*call_id)->value, (*cseq)->sequence))
      return refuse_with(request, 500, "CSeq is not higher than the last");
    if (!known && wish.lifetime > Duration::zero()) ++added;
  }
  if (user.devices.size() + added > limits::bindings_per_user_max)
    return refuse_with(request, 403, "Forbidden: too many devices");

  Duration longest{};
  bool is_new = false;
  for (const Wish& wish : wishes) {
    if (wish.lifetime == Duration::zero()) {
      if (Device* const known = find(user, wish.key)) forget(user, Device(*known), outcome);
      outcome.signs_off = true;
      continue;
    }
    is_new = put(user, binding_of(request, wish, (*call_id)->value, (*cseq)->sequence), request,
                 outcome) ||
             is_new;
    longest = std::max(longest, wish.lifetime);
  }
  if (!wishes.empty()) outcome.reply.add(sip::Expires{seconds_of(longest)});
  if (longest > Duration::zero()) {
    outcome.signs_off = false;
    outcome.registered_until = request.now + longest;
    if (is_new) outcome.reply.add(sip::PresenceState{.register_action = "added"});
  }
  return std::nullopt;
}

}  // namespace

namespace {

Outcome decide(User& user, const Request& request) {
  if (std::optional<Outcome> refused = refusal(request)) return *std::move(refused);
  const Result<std::optional<sip::Expires>> expires = request.message.get<sip::Expires>();
  if (!expires) return refuse_with(request, expires.error());
  const Result<std::vector<sip::Contact>> asked = request.message.all<sip::Contact>();
  if (!asked) return refuse_with(request, asked.error());

  if (asked->size() == 1 && asked->front().wildcard) return remove_all(user, request, *expires);
  Wishes wished = wishes(request, *asked, *expires);
  if (Outcome* const refused = std::get_if<Outcome>(&wished)) return std::move(*refused);

  Outcome outcome{.reply = answer(request, 200)};
  if (std::optional<Outcome> refused =
          apply(user, request, std::get<std::vector<Wish>>(wished), outcome))
    return *std::move(refused);
  list_bindings(user, request, outcome);
  announce(request, outcome);
  return outcome;
}

}  // namespace

Outcome handle(User& user, const Request& request) {
  std::vector<store::Write> writes = expire(user, request.now);
  Outcome outcome = decide(user, request);
  std::ranges::move(outcome.writes, std::back_inserter(writes));
  outcome.writes = std::move(writes);
  outcome.survives_refusal = true;
  return outcome;
}

std::vector<store::Write> expire(User& user, Time now) {
  std::vector<store::Write> writes;
  std::erase_if(user.devices, [&](const Device& each) {
    if (each.binding.expires > now) return false;
    writes.emplace_back(store::RemoveBinding{each.binding.device});
    return true;
  });
  return writes;
}

Time next_expiry(const User& user) {
  Time next = never;
  for (const Device& device : user.devices) next = std::min(next, device.binding.expires);
  return next;
}

}  // namespace kith::service::registrar
