#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <variant>

#include "kith/base/random.h"
#include "kith/base/strong.h"
#include "kith/base/time.h"
#include "kith/location/config.h"
#include "kith/location/records.h"
#include "kith/location/target.h"
#include "kith/sip/header/via.h"

namespace kith::location {

using SearchId = Strong<struct SearchIdName, std::uint64_t>;

// ---- What comes out -----------------------------------------------------------------------------

/// The DNS is to be asked, and what becomes of it given to answer(), also when it does not answer.
/// The same question comes out again only after that.
struct Ask {
  Question question;
};

/// Where to send it now. What becomes of it is told by failed(), succeeded() or end().
struct Found {
  SearchId search;
  Target target;
};

/// There is no further target, and the search is gone.
struct Exhausted {
  SearchId search;
  Exhaustion why = Exhaustion::not_found;
  std::optional<Time> not_before{};  // when the first that said Retry-After may be called again
};

using Output = std::variant<Ask, Found, Exhausted>;

/// How many of each are held at the moment.
struct Counts {
  std::size_t searches = 0;
  std::size_t questions = 0;  // not yet answered
  std::size_t cached = 0;
  std::size_t blacklisted = 0;

  bool operator==(const Counts&) const = default;
};

// ---- The room -----------------------------------------------------------------------------------

/// From a URI to the servers that take a message for it, one after the other: RFC 3263. It does
/// nothing by itself: after each call, poll() until it is silent. Every search ends with end(),
/// succeeded() or Exhausted; an id that has ended is ignored.
///
/// A search goes on, and asks more, only when the target before has failed. A server that failed
/// lately is tried after all others; one that asked by Retry-After to be left alone is not tried at
/// all (RFC 3261 §21.5.4).
class Location {
 public:
  /// `random` outlives the location.
  Location(Config config, Random& random);
  ~Location();
  Location(const Location&) = delete;
  Location& operator=(const Location&) = delete;

  /// Where a request goes: RFC 3263 §4
  SearchId start(const Request& request, Time now);
  /// Where a response goes by UDP, or when the connection that the request came by is gone:
  /// RFC 3261 §18.2.2, then RFC 3263 §5. The Via is the topmost one of the request, with what this
  /// side wrote into it.
  SearchId start(const sip::Via& via, Time now);

  /// What nobody asked is ignored.
  void answer(const Question& question, const Answer& answer, Time now);

  /// The target that was found failed; the next one comes out. `retry_after` is that of a 503.
  void failed(SearchId search, Failure failure, Time now, std::optional<Duration> retry_after = {});
  /// The server responded: it is avoided no longer.
  void succeeded(SearchId search);
  void end(SearchId search);

  std::optional<Output> poll();
  Counts counts() const;

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace kith::location
