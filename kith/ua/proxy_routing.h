#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kith/base/flow.h"
#include "kith/sip/header/via.h"
#include "kith/sip/message.h"
#include "kith/sip/uri.h"
#include "kith/transaction/transactions.h"

/// What a proxy does to a request on its way, and how it knows again what it did. A user agent has
/// its part in the first Route.
namespace kith::ua {

/// Whether a URI is that of a proxy, or of a user agent, with these names ("host" or "host:port"),
/// or of the address that the flow came in at.
bool is_own(const sip::UriView& uri, const std::vector<std::string>& names, const Flow& flow);

/// RFC 3261 §16.4: what an upstream strict router did is undone, an maddr of ours is removed, and
/// so is the first Route where it is ours, which is returned.
std::optional<sip::Uri> preprocess_route(sip::Message& request,
                                         const std::vector<std::string>& names, const Flow& flow);

/// RFC 3261 §16.4: removes the first Route where it is ours, and returns it.
std::optional<sip::Uri> take_own_route(sip::Message& request, const std::vector<std::string>& names,
                                       const Flow& flow);

/// RFC 3261 §16.6 step 6: where the first Route is that of a strict router, it becomes the
/// Request-URI, and that the last Route.
void prepare_for_strict_router(sip::Message& request);

/// Where a request goes, by RFC 3261 §16.6 step 7: the URI of its first Route, or its Request-URI.
std::string next_hop_of(const sip::Message& request);

/// The second part of a branch, RFC 3261 §16.6 step 8 and RFC 5393 §4.2.1: the same only where a
/// request comes again as it was.
std::string loop_mark(const sip::Message& request, const transaction::HashKey& secret);
/// RFC 3261 §16.3 step 4: whether this request went out from here before with that mark.
bool has_looped(const sip::Message& request, std::string_view mark);

/// RFC 3261 §16.11: what makes the branch of a request that is forwarded without a transaction: the
/// same for the same request, its CANCEL and its ACK. It says which flow the request came by.
std::string stateless_mark(const sip::ViaView& top, std::uint64_t flow_id,
                           const transaction::HashKey& secret);

/// A response whose top Via has a stateless_mark(): the way to the next Via. Nothing where the mark
/// is not ours.
std::optional<Flow> stateless_reply(const sip::Message& response, const Flow& came_by,
                                    const transaction::HashKey& secret);

}  // namespace kith::ua
