#pragma once

#include <expected>
#include <optional>
#include <string_view>
#include <vector>

#include "kith/acl/ace.h"
#include "kith/acl/limits.h"
#include "kith/acl/refusal.h"
#include "kith/acl/set_ace.h"
#include "kith/acl/version.h"
#include "kith/sip/uri.h"

namespace kith::acl {

/// What holds for somebody of whom a list says nothing, and what a new list says of everybody:
/// [MS-SIP] tells neither, and whoever is not known should not watch unasked.
inline constexpr Access unlisted_presence = Access::prompt;
inline constexpr Communication unlisted_communication = Communication::allow;

/// One step of a list: an entry was added, changed or removed.
struct Changed {
  Version from;
  Version to;
  std::optional<Ace> before;  // nothing: it is new
  std::optional<Ace> after;   // nothing: it is gone

  bool operator==(const Changed&) const = default;
};

/// Who may watch one user and talk to them, under one version number.
///
/// No two entries of a scope have the same key. An operation either raises the version by exactly
/// one and returns what changed, or changes nothing at all.
class List {
 public:
  /// Version 1; everybody has to ask to watch, and may talk: ALL PA.
  List();

  /// As a store or a document gives it. Refusal::version_conflict for version 0,
  /// Refusal::already_there for two entries of one key; counts are not checked.
  static std::expected<List, Refusal> make(Version version, std::vector<Ace> aces);

  Version version() const { return version_; }
  const std::vector<Ace>& aces() const { return aces_; }  // by scope, the widest first, then by key

  /// The entry of that scope and key, see Ace::key(). Valid until the list changes.
  const Ace* ace(Scope scope, std::string_view key) const;

  /// The one entry that is about somebody: the USER, or the DOMAIN with most labels, or ALL
  /// (SIP-ACL-20); nothing where none is. Names are compared in any case (SIP-CONT-30); an address
  /// is in no domain but itself. Valid until the list changes.
  const Ace* about(const sip::UriView& watcher) const;

  /// Refusal::version_conflict unless it is the current one.
  std::expected<void, Refusal> expect(Version version) const;

  /// expect() and set() in one: what a client asks for.
  std::expected<Changed, Refusal> apply(const SetAce& set, const Limits& limits = {});

  /// Adds the entry, or takes the place of the one with its scope and key. An entry that is there
  /// already raises the version as well, for the client counts it.
  std::expected<Changed, Refusal> set(Ace ace, const Limits& limits = {});
  /// Removes the entry of that scope and mask. No client can ask for that; an operator may.
  std::expected<Changed, Refusal> remove(Scope scope, std::string_view mask);

  bool operator==(const List&) const = default;

 private:
  std::expected<Changed, Refusal> step(std::optional<Ace> before, std::optional<Ace> after);

  Version version_{1};  // SIP-ACL-13
  std::vector<Ace> aces_;
};

}  // namespace kith::acl
