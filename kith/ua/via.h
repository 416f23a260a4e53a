#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kith/base/flow.h"
#include "kith/base/random.h"
#include "kith/base/writer.h"
#include "kith/sip/header/via.h"
#include "kith/sip/message.h"

namespace kith::ua {

/// Where the answer to a request goes, by the top Via that its sender wrote: RFC 3261 §18.2.2 and
/// RFC 3581 §4. On a stream, back the way it came.
Flow reply_flow(const sip::ViaView& via, const Flow& flow);

/// Writes into the top Via, which is `via`, where the request came from: received where the address
/// is not that of sent-by, or rport asks for it (RFC 3261 §18.2.1, RFC 3581 §4); on streams
/// ms-received-port and ms-received-cid (SIP-TRAN-05). What the sender claimed about that itself is
/// dropped. Views into the message are valid no longer.
void mark_source(sip::Message& request, const sip::ViaView& via, const Flow& flow);

/// The value of ms-received-cid: hexadecimal, unique in this process.
std::string connection_id(const Flow& flow);

/// What our Via says of who sends: its sent-by.
struct Sender {
  std::string text{};         // "host" or "host:port"
  std::size_t host_size = 0;  // of the text
  std::optional<std::uint16_t> port{};

  /// Whether a Via says so, perhaps in other words: in another case, with a port that goes without
  /// saying, or an IPv6 address that is written otherwise. RFC 3261 §18.1.2
  bool wrote(const sip::ViaView& via, Transport transport) const {
    const std::string_view host{text.data(), host_size};
    return (via.port == port && via.host == host) || wrote_otherwise(via, transport);
  }

 private:
  bool wrote_otherwise(const sip::ViaView& via, Transport transport) const;
};

/// Of "host" or "host:port"; of anything else, nobody without a text.
Sender sender_of(std::string_view sent_by);
/// "192.0.2.1:5060", "[2001:db8::1]"; port 0 is none.
Sender sender_of(const Address& address);

/// Whether a Via offers its connection for requests in the other direction: RFC 5923 §7.
enum class Alias : std::uint8_t { none, offered };

/// Writes the Via of a request that leaves by this transport.
void write_our_via(Writer& out, Transport transport, const Sender& sender, std::string_view branch,
                   Alias alias);

/// z9hG4bK, two digits for the shard, a point, and what makes it unique; `end` follows a hyphen.
std::string make_branch(std::uint8_t shard, std::string_view unique, std::string_view end = {});
/// What makes it unique is random.
std::string make_branch(std::uint8_t shard, Random& random, std::string_view end = {});

}  // namespace kith::ua
