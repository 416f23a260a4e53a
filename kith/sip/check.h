#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kith/base/result.h"
#include "kith/base/scanner.h"
#include "kith/sip/message.h"

namespace kith::sip {

/// A note says what a receiver is to ignore or to forgive; a fault is why it may refuse.
enum class Weight : std::uint8_t { note, fault };

/// One thing that is wrong with a message.
struct Problem {
  Error error;            // in which way, in which header, at which byte of what was read
  std::string_view rule;  // the rule that is broken: "RFC 3261 §8.1.1"; static storage
  std::string_view what;  // in words: "of another method than the request"; static storage
  Weight weight = Weight::fault;
  /// What answers a request with this fault; 0 for a note, and in a response: its faults are no
  /// matter of an answer, who receives it drops it.
  int status = 0;

  bool operator==(const Problem&) const = default;
};

/// Everything that is wrong with a whole message: what is missing, there twice, malformed, in
/// contradiction or not applicable. The faults of the headers that every message needs come first,
/// so that the first fault is the one to answer. In a message that was read leniently, what
/// receivers forgive is a note; all that its headers needed to be read is noted too.
/// What first_fault() finds is found here as well.
std::vector<Problem> check(const Message& message);
/// The same, of bytes that may be no message at all: then that is the one problem.
std::vector<Problem> check(std::string_view bytes, Mode mode);

/// The first fault, or nullptr: what decides whether a message is answered, and with which status.
const Problem* first_fault(const std::vector<Problem>& problems);

}  // namespace kith::sip
