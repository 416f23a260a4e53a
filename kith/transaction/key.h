#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "kith/base/flow.h"
#include "kith/base/random.h"
#include "kith/sip/mandatory_headers.h"
#include "kith/sip/message.h"

namespace kith::transaction {

/// Keys the hashes of what peers send: nobody who does not know it can make them collide.
using HashKey = std::array<std::uint8_t, 16>;
/// A new one: what was hashed with another is not found with it.
HashKey make_secret(Random& random);

/// What tells one transaction from every other; equal for a request and its retransmission.
struct Key {
  std::string text;
  std::uint64_t hash = 0;  // of the text; keyed where peers choose what is in it

  bool operator==(const Key& other) const { return text == other.text; }
};

/// The key of a peer's request, whose headers those are: RFC 3261 §17.2.3. With the branch where it
/// begins with z9hG4bK, otherwise as RFC 2543 did it. An ACK has the key of its INVITE, or its
/// acknowledged_key().
///
/// Not RFC 3261 §17.2.3: the flow and the epid of From are part of it. Clients are known that
/// repeat Call-ID, tags, branch and CSeq on two devices, and two connections never carry one
/// transaction.
Key server_key(const sip::Message& request, const sip::MandatoryHeaders& headers, const Flow& flow,
               const HashKey& secret);

/// The key of the INVITE that a CANCEL wants to end: RFC 3261 §9.2.
Key cancelled_key(const sip::Message& cancel, const sip::MandatoryHeaders& headers,
                  const Flow& flow, const HashKey& secret);

/// Where an INVITE without a branch was answered: the key that the ACK for this answer has. The To
/// of the answer has a tag that we chose. The key itself where there is a branch.
Key acknowledged_key(const Key& invite, std::string_view to_tag, const HashKey& secret);

/// Whether there was no branch, so that this and acknowledged_key() differ.
bool is_by_headers(const Key& key);

/// The key of a request of ours, from its own top Via or from a response's: RFC 3261 §17.1.3. Its
/// hash is not keyed: a peer may ask for any branch, but those that are there are random, and ours.
Key client_key(std::string_view branch, std::string_view method);

/// Whether the top Via has a branch by which RFC 3261 matches.
bool has_magic_cookie(std::string_view branch);

/// The flow reduced to what its peers are told apart by: for a stream the connection, for datagrams
/// the other side's address.
Flow identity(const Flow& flow);

}  // namespace kith::transaction
