#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <system_error>

#include "kith/base/flow.h"
#include "kith/base/time.h"
#include "kith/sip/message.h"

namespace kith::ua {

/// What lies over an Endpoint and makes outputs of its own out of those of that. Like an Endpoint
/// it never does anything by itself: after every call of one of the others, poll() until it is
/// silent, and call tick() when next_deadline() has come.
template <class Core, class Output>
class Layer {
 public:
  Layer(const Layer&) = delete;
  Layer& operator=(const Layer&) = delete;

  // As of Endpoint.
  void opened(const Flow& flow, Time now);
  void receive(const Flow& flow, std::string_view bytes, Time now);
  void take_over(const Flow& flow, sip::Message response, Time now);
  void closed(const Flow& flow, std::error_code why, Time now);
  void moved(const Flow& from, const Flow& to, std::string_view bytes);
  void tick(Time now);
  Time next_deadline() const;
  std::optional<Output> poll();
  void authenticated(const Flow& flow);
  void close(const Flow& flow, Time now);
  void ping(const Flow& flow, Time now);
  bool is_up(const Flow& flow) const;

 protected:
  explicit Layer(std::unique_ptr<Core> core);
  ~Layer();

  std::unique_ptr<Core> core_;
};

}  // namespace kith::ua
