#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kith/ua/user_agent.h"
#include "tools/kith/talk.h"
#include "tools/kith/talk_commands.h"

namespace kith::tool {

inline constexpr std::string_view sdp_type = "application/sdp";
/// What Allow says.
inline constexpr std::string_view allowed =
    "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO, MESSAGE, PRACK";

/// What is said of sessions without media: texts from files, or what says no to all of it.
struct Descriptions {
  std::string offer;   // empty: an INVITE goes without
  std::string answer;  // empty: one is made

  /// The answer to this offer; as RFC 3264 has it, a stream is refused by its port, 0.
  std::string answer_to(std::string_view peers_offer, const Address& here) const;
  /// The offer to a peer that made none.
  std::string offer_from(const Address& here) const;
};
Maybe<Descriptions> descriptions_of(const CallCommand& command);

/// Writes what the peer said, where --save wants it.
Maybe<void> save(const CallCommand& command, std::string_view description);

/// The methods that a call serves.
ua::UserAgentConfig call_config();

/// A call that is established, until somebody hangs up.
class Conversation {
 public:
  Conversation(const Options& options, const CallCommand& command, Talk& talk, ua::DialogId dialog,
               std::string contact, std::string description)
      : options_(options),
        command_(command),
        talk_(talk),
        dialog_(dialog),
        contact_(std::move(contact)),
        description_(std::move(description)) {}

  Maybe<Exit> run();

 private:
  std::optional<Exit> take(ua::Event& event);
  std::optional<Exit> take(const ua::Request& request);
  Maybe<Exit> hang_up();
  Exit over(std::string_view why, Exit exit);

  const Options& options_;
  const CallCommand& command_;
  Talk& talk_;
  const ua::DialogId dialog_;
  const std::string contact_;      // a header's value
  const std::string description_;  // ours, as it was sent last
};

/// A request that no call waits for: busy, or what the methods are.
void answer_other(Talk& talk, const ua::Request& request);

}  // namespace kith::tool
