#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "kith/base/random.h"

namespace kith::grammar {

/// A part of a rule: what it is, and what it is made of.
struct Part {
  enum class Kind : std::uint8_t {
    text,      // as it is spelled, or in any case
    bytes,     // one of a range
    set,       // one character of the text
    sequence,  // all, one after another
    choice,    // one of them
    any_of,    // each of them or not, in any order
    repeat,    // its only part, so many times
    rule,      // the rule of that name
    number,    // a decimal number of a range
    fresh,     // a number that is nowhere else in the sentence
    date,      // as RFC 3261 §20.17 has it, with the day of the week that it was
  };

  Kind kind{};
  std::string text{};        // or the name of a rule
  bool in_any_case = false;  // of a text
  std::uint64_t least = 0;   // how often, or the range
  std::uint64_t most = 0;
  std::vector<Part> parts{};
  const Part* meant = nullptr;  // by the name of a rule
};

/// `most` of a repetition that has no end.
inline constexpr std::uint64_t unbounded = std::numeric_limits<std::uint64_t>::max();

/// Makes sentences of a grammar that is written as RFC 5234 §4 has it: names, %x values and ranges,
/// "text" in any case, %s"text" as it is spelled (RFC 7405), groups, options, repetitions.
/// Names of rules keep their case. Beyond that:
///     {a / b / c}   each of them once at most, in any order
///     <1..65535>    a number of this range in decimal digits, without zeros before it
///     <fresh>       a number that is nowhere else in the sentence
///     <date>        a Date that was or will be
class Grammar {
 public:
  Grammar() = default;
  Grammar(const Grammar&) = delete;  // rules point to each other
  Grammar& operator=(const Grammar&) = delete;

  /// Adds the rules of this text. Throws std::invalid_argument where it is not understood.
  void add(std::string_view abnf);
  /// To be called once all rules are there; throws if one names another that is not.
  void link();
  bool has(std::string_view rule) const { return rules_.contains(rule); }

  /// A sentence of this rule, chosen at random.
  std::string sentence(std::string_view rule, SeededRandom& random) const;

 private:
  std::map<std::string, Part, std::less<>> rules_;
};

}  // namespace kith::grammar
