#include "kith/ua/connections.h"

#include <algorithm>

namespace kith::ua {
namespace {

Time after(Time now, const std::optional<Duration>& timer) { return timer ? now + *timer : never; }

}  // namespace

bool Connections::open(const Flow& flow, Time now) {
  if (has(flow)) return false;
  std::uint32_t index = static_cast<std::uint32_t>(connections_.size());
  if (free_.empty()) {
    connections_.emplace_back();
  } else {
    index = free_.back();
    free_.pop_back();
    connections_[index] = Connection{};
  }
  Connection& connection = connections_[index];
  connection.flow = flow;
  connection.authenticated_by = after(now, config_.connection_timer);
  connection.idle_at = after(now, config_.idle_timer);
  index_.emplace(flow.id, index);
  arm(index);
  return true;
}

bool Connections::erase(const Flow& flow) {
  const auto entry = index_.find(flow.id);
  if (entry == index_.end()) return false;
  const std::uint32_t index = entry->second;
  index_.erase(entry);
  wheel_.stop(index);
  connections_[index] = Connection{};
  free_.push_back(index);
  return true;
}

void Connections::authenticated(const Flow& flow) {
  const auto entry = index_.find(flow.id);
  if (entry == index_.end()) return;
  connections_[entry->second].authenticated_by = never;
  arm(entry->second);
}

void Connections::heard(const Flow& flow, Time now, bool message_begins) {
  const auto entry = index_.find(flow.id);
  if (entry == index_.end()) return;  // closed because of what came
  Connection& connection = connections_[entry->second];
  connection.idle_at = after(now, config_.idle_timer);
  if (!connection.framer.in_message())
    connection.message_by = never;
  else if (message_begins)
    connection.message_by = now + config_.message_timer;
  arm(entry->second);
}

Time Connections::deadline(const Connection& connection) {
  return std::min({connection.authenticated_by, connection.message_by, connection.idle_at});
}

// A deadline that moves away is noticed when the earlier one fires: most chunks set no timer.
void Connections::arm(std::uint32_t index) {
  Connection& connection = connections_[index];
  const Time wanted = deadline(connection);
  if (wanted >= connection.armed) return;
  connection.armed = wanted;
  wheel_.set(index, wanted);
}

bool Connections::fire(Time now, std::optional<Expired>& expired) {
  const std::optional<std::uint32_t> index = wheel_.expired(now);
  if (!index) return false;
  Connection& connection = connections_[*index];
  connection.armed = never;
  if (may_stay_) return true;
  const auto over = [&](Closing why) { expired = Expired{connection.flow, why}; };
  if (connection.authenticated_by <= now)
    over(Closing::not_authenticated);
  else if (connection.message_by <= now)
    over(Closing::slow);
  else if (connection.idle_at <= now)
    over(Closing::idle);
  else
    arm(*index);
  return true;
}

}  // namespace kith::ua
