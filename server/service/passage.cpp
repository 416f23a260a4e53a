#include "server/service/passage.h"

#include <optional>

#include "kith/base/overloaded.h"
#include "server/service/answer.h"

namespace kith::service {

// ---- From the endpoint --------------------------------------------------------------------------

void Passage::hear(ua::Notice notice) {
  std::visit(Overloaded{
                 [this](ua::RequestReceived& request) { pass_on(std::move(request)); },
                 [this](ua::ResponseReceived& response) {
                   answered(response.transaction, response.response.status());
                 },
                 [this](ua::ResponseElsewhere& response) { hand_over(std::move(response)); },
                 [this](ua::Ended& ended) { answered(ended.transaction, 0); },
                 [this](ua::FlowClosed& closed) { flow_closed(closed.flow); },
                 [](ua::AckReceived&) {},
                 [](ua::CancelReceived&) {},
                 [](ua::ReplyStranded&) {},
                 [](ua::PongReceived&) {},
                 [this](ua::Refused& refused) { ways_.log(refused); },
             },
             notice);
}

void Passage::pass_on(ua::RequestReceived request) {
  if (ways_.is_full() && !is_stream(request.flow.transport)) {
    endpoint_.respond(request.transaction, try_later(request.request, random_), ways_.now());
    return;
  }
  const std::optional<sip::Aor> owner = Core::owner(request.request);
  at(owner ? ways_.owner_of(*owner) : number_,
     [origin = Origin{request.transaction, request.flow}, message = std::move(request.request)](
         Passage& there, Time now) mutable {
       there.core_.receive(origin, std::move(message), now);
     });
}

/// Whose branch names no shard of ours made it up.
void Passage::hand_over(ua::ResponseElsewhere response) {
  if (response.shard >= ways_.shards()) {
    ways_.log(ua::Refused{response.flow, 0, {Fault::missing, "transaction"}});
    return;
  }
  at(response.shard, [flow = response.flow, message = std::move(response.response)](
                         Passage& there, Time now) mutable {
    there.endpoint_.take_over(flow, std::move(message), now);
  });
}

void Passage::answered(ua::TransactionId transaction, int status) {
  if (status >= 100 && status < 200) return;
  const auto found = awaited_.extract(transaction);
  if (found.empty()) return;
  at(found.mapped().owner, [ref = std::move(found.mapped().ref), status](Passage& there, Time now) {
    there.core_.answered(ref, status, now);
  });
}

void Passage::flow_closed(const Flow& flow) {
  for (std::size_t shard = 0; shard < ways_.shards(); ++shard)
    at(shard, [flow](Passage& there, Time now) { there.core_.flow_closed(flow, now); });
}

// ---- From the core ------------------------------------------------------------------------------

bool Passage::drain() {
  bool any = false;
  while (std::optional<Output> output = core_.poll()) {
    any = true;
    perform(*std::move(output));
  }
  return any;
}

void Passage::perform(Output output) {
  std::visit(Overloaded{
                 [this](Respond& respond) {
                   at(shard_of(respond.origin.flow.id),
                      [transaction = respond.origin.transaction,
                       response = std::move(respond.response)](Passage& there, Time now) {
                        there.endpoint_.respond(transaction, response, now);
                      });
                 },
                 [this](Forget& forget) {
                   at(shard_of(forget.origin.flow.id),
                      [transaction = forget.origin.transaction](Passage& there, Time) {
                        there.endpoint_.forget(transaction);
                      });
                 },
                 [this](Notify& notify) {
                   at(shard_of(notify.flow.id),
                      [owner = number_, notify = std::move(notify)](Passage& there, Time) mutable {
                        there.notify(owner, std::move(notify));
                      });
                 },
                 [this](Load& load) { ways_.load(load.aor); },
                 [this](Commit& commit) { ways_.commit(std::move(commit)); },
                 [this](Accept& accept) { ways_.accept(std::move(accept)); },
                 [this](FlowAuthenticated& passed) {
                   at(shard_of(passed.flow.id), [flow = passed.flow](Passage& there, Time) {
                     there.endpoint_.authenticated(flow);
                   });
                 },
                 [this](Halt& halt) { ways_.halt(halt.why); },
                 [this](Log& line) { ways_.log(line); },
             },
             output);
}

void Passage::notify(std::size_t owner, Notify notify) {
  if (!notify.with_transaction) {
    endpoint_.send(notify.flow, std::move(notify.request));
    return;
  }
  const ua::TransactionId transaction =
      endpoint_.request(notify.flow, std::move(notify.request), ways_.now());
  awaited_.emplace(transaction, Awaited{owner, std::move(notify.ref)});
}

}  // namespace kith::service
