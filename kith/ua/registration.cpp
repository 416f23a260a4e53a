#include "kith/ua/registration.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "kith/sip/header/cseq.h"
#include "kith/sip/header/expires.h"
#include "kith/sip/method.h"
#include "kith/ua/limits.h"
#include "kith/ua/message_parts.h"

namespace kith::ua {
Duration BackOff::after(unsigned failures, bool all_failed, Random& random) const {
  Duration longest = all_failed ? base_all_failed : base;
  for (unsigned i = 0; i < failures && longest < most; ++i) longest *= 2;
  return some_of(std::min(longest, most), 50, random);
}

Registration::Registration(RegistrationWish wish, Random& random, Credentials* credentials,
                           BackOff back_off)
    : wish_(std::move(wish)),
      random_(random),
      credentials_(credentials),
      back_off_(back_off),
      tag_(random.hex(8)) {}

void Registration::start(Time now) {
  if (started_) return;
  started_ = true;
  stopping_ = false;
  outbound_ = true;
  ways_.clear();
  left_.clear();
  const std::size_t most = wish_.instance.empty() ? 1 : registration_flows_max;
  const std::size_t count = std::clamp<std::size_t>(wish_.flows, 1, most);
  for (std::uint32_t id = 1; id <= count; ++id) ways_.push_back({.reg_id = id, .try_at = now});
  proceed(now);
}

void Registration::stop(Time now) { stop(now, {}); }

void Registration::remove_all(Time now) { stop(now, {Purpose::remove_all}); }

void Registration::stop(Time now, std::deque<Purpose> last) {
  if (!started_ || stopping_) return;
  stopping_ = true;
  unheard_ = false;
  asked_ = std::move(last);
  for (Way& way : ways_) way.try_at = never;
  proceed(now);
}

void Registration::fetch(Time now) {
  if (!started_ || stopping_ || std::ranges::find(asked_, Purpose::fetch) != asked_.end()) return;
  asked_.push_back(Purpose::fetch);
  proceed(now);
}

void Registration::renew(std::string call_id, Time now) {
  wish_.call_id = std::move(call_id);
  temp_gruus_.clear();
  for (Way& way : ways_)
    if (way.binding && !stopping_) way.try_at = now;
  proceed(now);
}

void Registration::flow_up(std::uint32_t reg_id, RegistrationFlow flow, Time now) {
  Way* way = find(reg_id);
  if (way == nullptr || stopping_ || way->flow) {
    outputs_.push_back(CloseFlow{flow.flow});
    return;
  }
  way->flow = std::move(flow);
  way->try_at = now;
  proceed(now);
}

void Registration::flow_down(std::uint32_t reg_id, Time now) {
  Way* way = find(reg_id);
  if (way == nullptr || (!way->flow && way->try_at != never)) return;
  leave_behind(*way, now);
  way->flow.reset();
  lose_flow(*way, Failure::no_flow, now);
  proceed(now);
}

void Registration::pong(std::uint32_t reg_id, Time now) {
  Way* way = find(reg_id);
  if (way != nullptr) way->keep_alive.pong(now, random_);
}

void Registration::not_answered(std::uint32_t sequence, Time now) {
  if (!pending_ || sequence != sequence_of(pending_->request)) return;
  const Purpose purpose = pending_->purpose;
  Way* way = find(pending_->reg_id);
  if (way != nullptr && !stopping_) {
    lose_flow(*way, Failure::not_answered, now);
  } else {
    pending_.reset();
    if (way != nullptr && purpose == Purpose::remove) lose_binding(*way);
    if (purpose != Purpose::fetch) unheard_ = true;
  }
  proceed(now);
}

void Registration::tick(Time now) {
  for (Way& way : ways_) {
    keep_alive(way, now);
    if (way.binding && way.binding->expires <= now) {
      lose_binding(way);
      outputs_.push_back(Failed{way.reg_id, Failure::expired, 0, way.try_at});
    }
  }
  proceed(now);
}

Time Registration::next_deadline() const {
  Time next = never;
  for (const Way& way : ways_) {
    next = std::min(next, way.keep_alive.next());
    if (way.binding) next = std::min(next, way.binding->expires);
    // What waits for the REGISTER that is under way is not due before that is answered.
    if (!way.flow || !pending_) next = std::min(next, way.try_at);
  }
  return next;
}

std::optional<Registration::Output> Registration::poll() {
  if (outputs_.empty()) return std::nullopt;
  Output output = std::move(outputs_.front());
  outputs_.pop_front();
  return output;
}

const Binding* Registration::binding(std::uint32_t reg_id) const {
  for (const Way& way : ways_)
    if (way.reg_id == reg_id && way.binding) return &*way.binding;
  return nullptr;
}

Registration::Way* Registration::find(std::uint32_t reg_id) {
  const auto way = std::ranges::find(ways_, reg_id, &Way::reg_id);
  return way == ways_.end() ? nullptr : &*way;
}

Registration::Way* Registration::first_with_flow() {
  const auto way = std::ranges::find_if(ways_, [](const Way& each) { return bool(each.flow); });
  return way == ways_.end() ? nullptr : &*way;
}

/// Does what is due. RFC 3261 §10.2: no second REGISTER before the first one is answered.
void Registration::proceed(Time now) {
  if (!started_) return;
  for (Way& way : ways_) {
    if (way.flow || way.try_at > now) continue;
    way.try_at = never;
    outputs_.push_back(NeedFlow{way.reg_id});
  }
  if (pending_) return;
  if (Way* way = first_with_flow(); way != nullptr && !asked_.empty()) {
    const Purpose purpose = asked_.front();
    asked_.pop_front();
    send(purpose, *way);
    return;
  }
  if (stopping_) return unbind(now);
  for (Way& way : ways_) {
    if (!way.flow || way.try_at > now) continue;
    way.try_at = never;
    return send(Purpose::bind, way);
  }
}

void Registration::unbind(Time now) {
  for (Way& way : ways_)
    if (way.binding && way.flow && now < way.binding->expires) return send(Purpose::remove, way);
  const auto is_held = [now](const Left& left) { return now < left.until; };
  const bool untold = unheard_ || !asked_.empty() || std::ranges::any_of(left_, is_held);
  end(untold ? Ending::unreachable : Ending::removed);
}

void Registration::send(Purpose purpose, const Way& way, int challenges) {
  sip::Message message = request(purpose, way);
  if (credentials_ != nullptr) credentials_->authorize(message);
  outputs_.push_back(Register{way.flow->flow, message, sequence_});
  pending_ = Pending{purpose, way.reg_id, std::move(message), challenges};
}

sip::Message Registration::request(Purpose purpose, const Way& way) {
  sip::Message message = sip::Message::request(sip::method::register_, wish_.registrar);
  if (!way.flow->route.empty()) message.add("Route", way.flow->route);
  message.add("Max-Forwards", "70");
  message.add("From", "<" + wish_.aor + ">;tag=" + tag_);
  message.add("To", "<" + wish_.aor + ">");
  message.add("Call-ID", wish_.call_id);
  message.add(sip::CSeq{++sequence_, std::string{sip::method::register_}});
  if (purpose == Purpose::bind || purpose == Purpose::remove) add_contact(message, way);
  if (purpose == Purpose::remove_all) message.add("Contact", "*");
  if (purpose == Purpose::bind) message.add(sip::Expires{wish_.expires_seconds});
  if (purpose == Purpose::remove || purpose == Purpose::remove_all) message.add(sip::Expires{0});
  // RFC 5626 §4.2.1, RFC 5627 §4.1. A proxy may add Path only where it is supported: RFC 3327 §5.1
  message.add("Supported", uses_outbound()          ? "outbound, path, gruu"
                           : wish_.instance.empty() ? "path"
                                                    : "path, gruu");
  message.set_body({}, {});
  return message;
}

void Registration::add_contact(sip::Message& message, const Way& way) const {
  std::string contact = "<" + way.flow->contact + ">";
  if (uses_outbound()) contact += ";reg-id=" + std::to_string(way.reg_id);
  if (!wish_.instance.empty()) contact += ";+sip.instance=\"<" + wish_.instance + ">\"";
  message.add("Contact", contact);
}

void Registration::keep_alive(Way& way, Time now) {
  if (!way.flow) return;
  switch (way.keep_alive.due(way.flow->flow, now, random_)) {
    case KeepAlive::Due::nothing:
      return;
    case KeepAlive::Due::ping:
      outputs_.push_back(Ping{way.flow->flow});
      return;
    case KeepAlive::Due::failed:
      return lose_flow(way, Failure::no_pong, now);
  }
}

void Registration::lose_flow(Way& way, Failure why, Time now) {
  leave_behind(way, now);
  if (way.flow) outputs_.push_back(CloseFlow{way.flow->flow});
  way.flow.reset();
  way.keep_alive = {};
  if (pending_ && pending_->reg_id == way.reg_id) {
    if (pending_->purpose == Purpose::fetch) outputs_.push_back(Bindings{});
    pending_.reset();
  }
  fail(way, why, now);
}

/// RFC 3261 §10.2.2: the binding of a flow that breaks stays until somebody removes it or it
/// expires. A REGISTER that nobody answered may have made one, too.
void Registration::leave_behind(const Way& way, Time now) {
  const bool asked =
      pending_ && pending_->reg_id == way.reg_id && pending_->purpose == Purpose::bind;
  if (!way.flow || (!way.binding && !asked)) return;
  const Time until =
      asked ? now + std::chrono::seconds(wish_.expires_seconds) : way.binding->expires;
  replaced(way);
  std::erase_if(left_, [now](const Left& left) { return left.until <= now; });
  left_.push_back({way.reg_id, way.flow->contact, until});
}

/// RFC 5626 §6: with an instance the reg-id says which binding it is, without one the Contact.
void Registration::replaced(const Way& way) {
  std::erase_if(left_, [&](const Left& left) {
    return wish_.instance.empty() ? left.contact == way.flow->contact : left.reg_id == way.reg_id;
  });
}

void Registration::fail(Way& way, Failure why, Time now, int status, Duration at_least) {
  // What is bound to a flow that broke is worth nothing; after a refresh that failed it stays.
  const bool stays = why == Failure::refused_now && way.binding && now < way.binding->expires;
  if (!stays) lose_binding(way);
  if (stopping_) return;
  const bool all_failed =
      std::ranges::none_of(ways_, [](const Way& each) { return each.flow && each.binding; });
  way.try_at = now + std::max(back_off_.after(++way.failures, all_failed, random_), at_least);
  outputs_.push_back(Failed{way.reg_id, why, status, way.try_at});
}

void Registration::lose_binding(Way& way) {
  way.binding.reset();
  // RFC 5627 §4.2: a GRUU lives as long as something is bound to the instance.
  if (std::ranges::any_of(ways_, [](const Way& each) { return bool(each.binding); })) return;
  temp_gruus_.clear();
}

/// RFC 5626 §4.2.1: without outbound the registrar would take a second flow for a second device.
void Registration::only(std::uint32_t reg_id) {
  for (const Way& way : ways_)
    if (way.reg_id != reg_id && way.flow) outputs_.push_back(CloseFlow{way.flow->flow});
  std::erase_if(ways_, [&](const Way& way) { return way.reg_id != reg_id; });
}

void Registration::end(Ending why, int status, std::string_view reason) {
  for (const Way& way : ways_)
    if (way.flow) outputs_.push_back(CloseFlow{way.flow->flow});
  ways_.clear();
  left_.clear();
  asked_.clear();
  temp_gruus_.clear();
  pub_gruu_.clear();
  pending_.reset();
  started_ = stopping_ = false;
  outputs_.push_back(Over{why, status, std::string{reason}});
}

}  // namespace kith::ua
