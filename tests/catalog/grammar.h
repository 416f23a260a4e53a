#pragma once

// Grammars that make text: each is a function that appends one of its sentences, chosen at random.
// They are put together as RFC 3261 §25.1 puts its rules together, and know nothing of our readers.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "kith/base/random.h"

namespace kith::grammar {

struct Text {
  SeededRandom& random;
  std::string text{};
  int names = 0;  // so that no parameter is given twice

  bool one_in(std::uint64_t n) { return random.below(n) == 0; }
};

// ---- How grammars are put together --------------------------------------------------------------

template <class... Part>
constexpr auto seq(Part... part) {
  return [=](Text& out) { (part(out), ...); };
}

template <class... Part>
constexpr auto alt(Part... part) {
  return [=](Text& out) {
    std::uint64_t chosen = out.random.below(sizeof...(Part));
    (void)((chosen-- == 0 && (part(out), true)) || ...);
  };
}

template <class Part>
constexpr auto repeat(std::uint64_t least, std::uint64_t most, Part part) {
  return [=](Text& out) {
    for (std::uint64_t n = least + out.random.below(most - least + 1); n > 0; --n) part(out);
  };
}

template <class... Part>
constexpr auto opt(Part... part) {
  return repeat(0, 1, seq(part...));
}

/// Each of them or not, the first of them any one.
template <class... Part>
constexpr auto some_of(Part... part) {
  return [=](Text& out) {
    const std::uint64_t turn = out.random.below(sizeof...(Part));
    for (std::uint64_t i = 0; i < sizeof...(Part); ++i) {
      std::uint64_t chosen = (i + turn) % sizeof...(Part);
      if (out.one_in(2)) (void)((chosen-- == 0 && (part(out), true)) || ...);
    }
  };
}

// ---- Terminals ----------------------------------------------------------------------------------

constexpr auto nothing = [](Text&) {};

/// Exactly so.
constexpr auto lit(std::string_view text) {
  return [=](Text& out) { out.text += text; };
}

/// In any case, as the strings of a grammar are.
constexpr auto word(std::string_view text) {
  return [=](Text& out) {
    const bool odd = out.one_in(4);
    for (const char c : text) {
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      out.text += odd && letter && out.one_in(2) ? static_cast<char>(c ^ ' ') : c;
    }
  };
}

template <class... Word>
constexpr auto one_of(Word... words) {
  return alt(word(words)...);
}

constexpr auto chars(std::string_view set, std::uint64_t least, std::uint64_t most) {
  return repeat(least, most, [=](Text& out) { out.text += set[out.random.below(set.size())]; });
}

inline constexpr std::string_view digit = "0123456789";
inline constexpr std::string_view hex = "0123456789abcdefABCDEF";
inline constexpr std::string_view lower_hex = "0123456789abcdef";
inline constexpr std::string_view alpha = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
inline constexpr std::string_view alphanum =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
inline constexpr std::string_view token_set =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~";
inline constexpr std::string_view unreserved =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'()";

/// 1*DIGIT of a number in this range, small ones and the ends more often; zeros before it.
constexpr auto number(std::uint64_t least, std::uint64_t most) {
  return [=](Text& out) {
    std::uint64_t value = out.random.next() >> out.random.below(64);
    if (out.one_in(8)) value = out.one_in(2) ? least : most;
    if (value < least || value > most) value = least + value % (most - least + 1);
    if (out.one_in(8)) out.text.append(1 + out.random.below(3), '0');
    out.text += std::to_string(value);
  };
}
inline constexpr std::uint64_t max32 = 0xffff'ffff;
constexpr auto number32 = number(0, max32);
constexpr auto delta_seconds = number32;

// ---- RFC 3261 §25.1: basic rules ----------------------------------------------------------------

constexpr auto lws = chars(" \t", 1, 2);
constexpr auto sws = [](Text& out) {
  if (out.one_in(8)) lws(out);
};
/// SEMI, COMMA, EQUAL, SLASH and COLON
constexpr auto sep(std::string_view mark) { return seq(sws, lit(mark), sws); }

constexpr auto token = chars(token_set, 1, 9);

/// UTF8-NONASCII
constexpr auto utf8_nonascii =
    alt(lit("ä"), lit("ÿ"), lit("€"), lit("가"), lit("𝄞"), lit("\U0010fffd"));
constexpr auto quoted_pair = [](Text& out) {
  const auto c = static_cast<char>(out.random.below(128));
  out.text += '\\';
  out.text += c == '\r' || c == '\n' ? '"' : c;
};
constexpr auto qdtext =
    alt(chars(" !#$%&'()*+,-./:;<=>?@[]^_`{|}~\t", 1, 3), chars(alphanum, 1, 5), utf8_nonascii);
constexpr auto quoted = seq(lit("\""), repeat(0, 5, alt(qdtext, qdtext, quoted_pair)), lit("\""));
constexpr auto quoted_some = seq(lit("\""), chars(alphanum, 1, 3), lit("\""));

/// TEXT-UTF8-TRIM
constexpr auto text_utf8_trim =
    seq(alt(chars(token_set, 1, 5), utf8_nonascii),
        repeat(0, 4, seq(opt(lws), alt(chars("!\"(),/:;<=>?@[\\]{}$&a0", 1, 5), utf8_nonascii))));
constexpr auto comment_text =
    alt(chars("!\"*+,-./:;<=>?@[]^ \t", 1, 3), chars(alphanum, 1, 5), utf8_nonascii, quoted_pair);
constexpr auto inner_comment = seq(lit("("), repeat(0, 2, comment_text), lit(")"));
constexpr auto comment =
    seq(lit("("), repeat(0, 4, alt(comment_text, comment_text, inner_comment)), lit(")"));

constexpr auto word_of_call_id = alt(chars(token_set, 1, 9), chars("()<>:\\\"/[]?{}az09-", 1, 9));
constexpr auto call_id = seq(word_of_call_id, opt(lit("@"), word_of_call_id));

// ---- Hosts --------------------------------------------------------------------------------------

constexpr auto label = seq(chars(alphanum, 1, 4), opt(chars("az09-", 0, 3), chars(alphanum, 1, 1)));
constexpr auto top_label =
    seq(chars(alpha, 1, 3), opt(chars("az09-", 0, 3), chars(alphanum, 1, 1)));
constexpr auto hostname = seq(repeat(0, 3, seq(label, lit("."))), top_label, opt(lit(".")));
constexpr auto octet = [](Text& out) { out.text += std::to_string(out.random.below(256)); };
constexpr auto ipv4 = seq(octet, lit("."), octet, lit("."), octet, lit("."), octet);
constexpr auto hex4 = chars(hex, 1, 4);
constexpr auto hex4_colon = seq(hex4, lit(":"));
constexpr auto ipv6 = alt(
    seq(repeat(7, 7, hex4_colon), hex4), seq(repeat(6, 6, hex4_colon), ipv4), lit("::"),
    seq(lit("::"), hex4), seq(repeat(1, 3, hex4_colon), lit(":"), repeat(0, 2, hex4_colon), hex4),
    seq(lit("::"), repeat(0, 4, hex4_colon), ipv4), seq(repeat(1, 6, hex4_colon), lit(":")));
constexpr auto host = alt(hostname, hostname, ipv4, seq(lit("["), ipv6, lit("]")));
constexpr auto port = [](Text& out) { out.text += std::to_string(1 + out.random.below(65535)); };
constexpr auto hostport = seq(host, opt(lit(":"), port));

// ---- Parameters ---------------------------------------------------------------------------------

/// A name that no other parameter of this sentence has.
constexpr auto fresh_name = [](Text& out) {
  out.text += 'x';
  chars(token_set, 0, 4)(out);
  out.text += std::to_string(out.names++);
};
constexpr auto gen_value = alt(token, token, host, quoted);
constexpr auto generic = seq(fresh_name, opt(sep("="), gen_value));
constexpr auto generic_param = seq(sep(";"), generic);

template <class Value>
constexpr auto param(std::string_view name, Value value) {
  return seq(sep(";"), word(name), sep("="), value);
}
constexpr auto flag(std::string_view name) { return seq(sep(";"), word(name)); }

/// *( SEMI param ): each of those that are named once at most, and others.
template <class... Known>
constexpr auto params(Known... known) {
  return seq(repeat(0, 2, generic_param), some_of(known..., nothing), opt(generic_param));
}

constexpr auto qvalue = alt(seq(lit("0"), opt(lit("."), chars(digit, 0, 3))),
                            seq(lit("1"), opt(lit("."), chars("0", 0, 3))));
constexpr auto q = param("q", qvalue);

constexpr auto auth_param = seq(fresh_name, sep("="), alt(token, quoted));
template <class... Known>
constexpr auto auth_params(Known... known) {
  return seq(auth_param, some_of(seq(sep(","), known)..., seq(sep(","), auth_param)));
}
template <class Value>
constexpr auto auth(std::string_view name, Value value) {
  return seq(word(name), sep("="), value);
}
constexpr auto auth_scheme = alt(one_of("Digest", "Kerberos", "NTLM"), token);

}  // namespace kith::grammar
