#pragma once

#include <deque>
#include <string>
#include <utility>
#include <variant>

#include "kith/base/overloaded.h"
#include "kith/base/random.h"
#include "kith/sip/header/to.h"
#include "kith/transaction/key.h"
#include "kith/ua/endpoint.h"
#include "kith/ua/layer.h"
#include "kith/ua/message_parts.h"

namespace kith::ua {

/// What is behind a Layer. `Core` is derived from it: its on(Notice's alternative, now) hear what
/// the endpoint has to say; its tick() and next_deadline() see to that of the endpoint, too.
template <class Core, class Output>
class LayerCore {
 protected:
  // Before the endpoint, which takes its own secret from `random` after this one.
  Random& random_;
  transaction::HashKey secret_;

 public:
  LayerCore(const LayerCore&) = delete;
  LayerCore& operator=(const LayerCore&) = delete;

  /// What the endpoint has to say, until it is silent.
  void pump(Time now) {
    while (std::optional<ua::Output> output = endpoint.poll()) {
      std::visit(Overloaded{[this](Send&& send) { outputs.emplace_back(std::move(send)); },
                            [this](Close&& close) { outputs.emplace_back(std::move(close)); },
                            [this, now](Notice&& notice) {
                              std::visit(
                                  [this, now](auto&& each) { this->hear(std::move(each), now); },
                                  std::move(notice));
                            }},
                 *std::move(output));
    }
  }
  /// Requests that a connection has not delivered go on over another.
  void moved(const Flow& from, const Flow& to, std::string_view bytes) {
    endpoint.moved(from, to, bytes);
  }
  /// Of the endpoint; its outputs include those that are here.
  Counts endpoint_counts() const {
    Counts counts = endpoint.counts();
    counts.outputs += outputs.size();
    return counts;
  }

  Endpoint endpoint;
  std::deque<Output> outputs;

 protected:
  LayerCore(Config config, Random& random)
      : random_(random),
        secret_(transaction::make_secret(random)),
        endpoint(std::move(config), random) {}
  ~LayerCore() = default;

  /// RFC 3261 §19.3: at least 32 bits of randomness.
  std::string new_tag() { return random_.hex(tag_bytes); }
  /// RFC 3261 §8.2.6.2: every response but 100 has one.
  void add_to_tag(sip::Message& response) {
    if (response.status() > 100 && tag_of<sip::To>(response).empty())
      response.set_to_tag(new_tag());
  }

 private:
  static constexpr std::size_t tag_bytes = 8;

  template <class What>
  void hear(What&& what, Time now) {
    static_cast<Core&>(*this).on(std::move(what), now);
  }
};

// ---- Layer --------------------------------------------------------------------------------------

template <class Core, class Output>
Layer<Core, Output>::Layer(std::unique_ptr<Core> core) : core_(std::move(core)) {}
template <class Core, class Output>
Layer<Core, Output>::~Layer() = default;

template <class Core, class Output>
void Layer<Core, Output>::opened(const Flow& flow, Time now) {
  core_->endpoint.opened(flow, now);
  core_->pump(now);
}
template <class Core, class Output>
void Layer<Core, Output>::receive(const Flow& flow, std::string_view bytes, Time now) {
  core_->endpoint.receive(flow, bytes, now);
  core_->pump(now);
}
template <class Core, class Output>
void Layer<Core, Output>::take_over(const Flow& flow, sip::Message response, Time now) {
  core_->endpoint.take_over(flow, std::move(response), now);
  core_->pump(now);
}
template <class Core, class Output>
void Layer<Core, Output>::closed(const Flow& flow, std::error_code why, Time now) {
  core_->endpoint.closed(flow, why, now);
  core_->pump(now);
}
template <class Core, class Output>
void Layer<Core, Output>::moved(const Flow& from, const Flow& to, std::string_view bytes) {
  core_->moved(from, to, bytes);
}
template <class Core, class Output>
void Layer<Core, Output>::tick(Time now) {
  core_->tick(now);
}
template <class Core, class Output>
Time Layer<Core, Output>::next_deadline() const {
  return core_->next_deadline();
}
template <class Core, class Output>
std::optional<Output> Layer<Core, Output>::poll() {
  if (core_->outputs.empty()) return std::nullopt;
  Output output = std::move(core_->outputs.front());
  core_->outputs.pop_front();
  return output;
}
template <class Core, class Output>
void Layer<Core, Output>::authenticated(const Flow& flow) {
  core_->endpoint.authenticated(flow);
}
template <class Core, class Output>
void Layer<Core, Output>::close(const Flow& flow, Time now) {
  core_->endpoint.close(flow);
  core_->pump(now);
}
template <class Core, class Output>
void Layer<Core, Output>::ping(const Flow& flow, Time now) {
  core_->endpoint.ping(flow);
  core_->pump(now);
}
template <class Core, class Output>
bool Layer<Core, Output>::is_up(const Flow& flow) const {
  return core_->endpoint.is_up(flow);
}

}  // namespace kith::ua
