#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "kith/base/result.h"
#include "kith/base/time.h"
#include "kith/presence/aggregate.h"
#include "kith/sip/message.h"

namespace kith::presence {

/// In what a watcher may be told of somebody.
enum class Format : std::uint8_t { msrtc, pidf, xpidf };

/// What its Content-Type is.
std::string_view content_type_of(Format format);

/// The format for whoever sent this SUBSCRIBE: of those that its Accept names, the one it likes
/// best; of several, Microsoft's own before PIDF before XPIDF. What only a wildcard covers, and
/// what does not say, gets PIDF, which everybody has to know (RFC 3856). Nothing if none is
/// acceptable: 406. An Error for an Accept that is malformed.
Result<std::optional<Format>> format_for(const sip::Message& subscribe);

/// Whether its sender can read the notifications of a batched subscription: format/rlmi.h.
Result<bool> takes_lists(const sip::Message& subscribe);

/// The body of a notification.
struct Document {
  std::string_view content_type;  // static storage
  std::string body;

  bool operator==(const Document&) const = default;
};

/// What all watchers of a user are sent at one time: each format is written when the first of them
/// asks for it, and then stands here for the others.
class Documents {
 public:
  Documents(Aggregate aggregate, Time now) : aggregate_(std::move(aggregate)), now_(now) {}

  const Aggregate& aggregate() const { return aggregate_; }
  /// As long as this lives.
  const Document& in(Format format);

 private:
  Aggregate aggregate_;
  Time now_;
  std::array<std::optional<Document>, 3> written_;
};

}  // namespace kith::presence
