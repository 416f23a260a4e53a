#pragma once

// What the parts of check() share; nobody else includes this.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "kith/sip/check.h"
#include "kith/sip/header.h"
#include "kith/sip/header/cseq.h"

namespace kith::sip {

/// The message that is checked, and what was found so far.
class Report {
 public:
  explicit Report(const Message& message);

  const Message& message;
  /// What a request asks for, what a response answers: the latter by its CSeq; "" if unknown.
  std::string_view method() const { return method_; }
  bool strict() const { return message.mode() == Mode::strict; }

  void fault(const Error& error, std::string_view rule, std::string_view what) {
    fault(error, rule, what, status_of(error));
  }
  void fault(const Error& error, std::string_view rule, std::string_view what, int status);
  void note(const Error& error, std::string_view rule, std::string_view what);
  /// A fault in a message that was read strictly; in others receivers forgive it.
  void lapse(const Error& error, std::string_view rule, std::string_view what, int status = 400);

  /// How many lines there are of a header, under both of its names.
  std::size_t count(std::string_view name, char compact = '\0') const;
  template <Header H>
  std::size_t count() const {
    return count(H::name.full, H::name.compact);
  }
  /// An error at the first line of a header.
  Error at(Fault fault, std::string_view name, char compact = '\0') const;
  template <Header H>
  Error at(Fault fault) const {
    return at(fault, H::name.full, H::name.compact);
  }
  /// The first value, nothing if there is none or if it cannot be read.
  template <Header H>
  std::optional<typename H::View> first() const {
    const auto found = message.view<H>();
    return found ? *found : std::nullopt;
  }

  std::vector<Problem> problems;

 private:
  std::string_view method_;
};

/// Methods as a set: a name for each letter of "ABCIORSNFUKMGP".
/// ACK BYE CANCEL INVITE OPTIONS REGISTER, SUBSCRIBE NOTIFY reFer Update pracK Message info(G)
/// Publish; '\0' for any other.
char letter_of(std::string_view method);
/// Whether a header line has this name, or its compact form.
bool is_named(std::string_view field, std::string_view name, char compact);
/// The section that defines a header; RFC 3261 §25.1 for those that have none here.
std::string_view section_of(std::string_view name);

void check_headers(Report& report);     // check_headers.cpp
void check_presence(Report& report);    // check_presence.cpp
void check_places(Report& report);      // check_places.cpp
void check_contacts(Report& report);    // check_contact.cpp
void check_uris(Report& report);        // check_contact.cpp
void check_extensions(Report& report);  // check_extension.cpp

}  // namespace kith::sip
