// Every header, and URIs and addresses, with values made from their grammars: what an RFC calls
// legal is read in strict mode, written, and read as the same value; and text that was changed a
// little is refused, or read and then written as what was read.

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kith/base/random.h"
#include "kith/base/text.h"
#include "kith/sip/any_header.h"
#include "kith/sip/headers.h"
#include "kith/sip/shape/name_addr.h"
#include "kith/sip/tel_uri.h"
#include "kith/sip/uri.h"
#include "tests/catalog/abnf.h"
#include "tests/catalog/mutate.h"

using namespace kith;

namespace {

constexpr int values_each = KITH_VALUES_EACH;  // 10,000 in release; see cmake/kith_tests.cmake

void add_file(grammar::Grammar& to, const char* name) {
  const auto folder = std::filesystem::path(KITH_SOURCE_DIR) / "tests/catalog/grammar";
  std::ifstream in(folder / name);
  REQUIRE_MESSAGE(in.is_open(), name);
  to.add(std::string(std::istreambuf_iterator<char>(in), {}));
}

const grammar::Grammar& rules() {
  static const struct Linked : grammar::Grammar {
    Linked() {
      for (const char* const file : {"basic.abnf", "uri.abnf", "header.abnf"})
        add_file(*this, file);
      link();
    }
  } linked;
  return linked;
}

template <class... H>
std::vector<sip::HeaderName> names_of(sip::TypeList<H...>) {
  return {H::name...};
}
const std::vector<sip::HeaderName> headers = names_of(sip::AllHeaders{});

/// Makes sentences and judges each, and each again when it was changed a little: judge(text, legal)
/// says what is wrong, or "". Stops at the first that is not as it should be.
template <class Judge>
void judge_many(std::string_view rule, Judge judge) {
  SeededRandom random(values_each);
  for (int i = 0; i < values_each; ++i) {
    std::string text = rules().sentence(rule, random);
    std::string_view problem = judge(text, true);
    if (problem.empty()) {
      text = grammar::mutated(std::move(text), random);
      problem = judge(text, false);
    }
    if (problem.empty()) continue;
    FAIL_CHECK(rule, ": ", problem, ": ", text);
    return;
  }
}

std::string list_of(const std::vector<std::string>& values) {
  std::string list;
  for (const std::string& value : values) list.append(list.empty() ? "" : ", ").append(value);
  return list;
}

/// `legal` text is one value.
std::string_view judge_header(std::string_view name, const std::string& text, bool legal) {
  const sip::ReadHeader strict = sip::read_header(name, text, Mode::strict);
  if (legal && strict.error) return "is refused, though it is legal";
  if (legal && strict.values.size() > 1) return "is more than one value";
  if (!strict.error && !strict.stable) return "is not the same when it is read again";
  if (strict.error && strict.error->offset > text.size()) return "is wrong beyond its end";
  const sip::ReadHeader lenient = sip::read_header(name, text, Mode::lenient);
  if (!strict.error && (lenient.error || lenient.values != strict.values))
    return "means something else to lenient";
  if (legal && !lenient.diagnostics.empty()) return "is tolerated, though it is legal";
  // What lenient reads need not be legal, and what is written for it another value; but that stays.
  if (strict.error && !lenient.error) {
    const sip::ReadHeader again = sip::read_header(name, list_of(lenient.values), Mode::lenient);
    if (again.error) return "is written so that lenient cannot read it";
    if (again.values != lenient.values) return "is written differently the second time";
  }
  return {};
}

/// What is asked of anything that is read and written: `read(text, mode)` is an optional value.
template <class Read>
std::string_view turned_round(const std::string& text, Mode mode, Read read) {
  const auto value = read(text, mode);
  if (!value) return {};
  const std::string once = written(*value);
  const auto again = read(once, mode);
  if (!again) return "is written so that it cannot be read";
  if (mode == Mode::strict && !(*again == *value)) return "is not the same when it is read again";
  if (written(*again) != once) return "is written differently the second time";
  return {};
}

template <class Read>
void turn_many(std::string_view rule, Read read) {
  judge_many(rule, [read](const std::string& text, bool legal) -> std::string_view {
    const auto strict = read(text, Mode::strict);
    if (legal && !strict) return "is refused, though it is legal";
    if (strict && !(read(text, Mode::lenient) == strict)) return "means something else to lenient";
    const std::string_view problem = turned_round(text, Mode::strict, read);
    return problem.empty() ? turned_round(text, Mode::lenient, read) : problem;
  });
}

std::optional<sip::Uri> read_uri(std::string_view text, Mode mode) {
  const Result<sip::Uri> uri = sip::Uri::parse(text, mode);
  return uri ? std::optional{*uri} : std::nullopt;
}

/// The order of parameters is not kept: it is written as RFC 3966 §3 wants it.
struct SameTel {
  sip::TelUri uri;
  bool operator==(const SameTel& other) const { return equivalent(uri, other.uri); }
  void write(Writer& out) const { uri.write(out); }
};

std::optional<SameTel> read_tel(std::string_view text, Mode mode) {
  const Result<sip::TelUri> uri = sip::TelUri::parse(text, mode);
  return uri ? std::optional{SameTel{*uri}} : std::nullopt;
}

struct Address {
  std::string display_name;
  sip::Uri uri;

  void write(Writer& out) const { write_address(out, display_name, uri); }
  bool operator==(const Address&) const = default;
};

std::optional<Address> read_address(std::string_view text, Mode mode, sip::Brackets brackets) {
  Scanner in(trim(text), mode);
  std::string_view display_name;
  sip::UriView uri;
  if (!sip::read_address(in, display_name, uri, brackets) || !in.at_end()) return std::nullopt;
  return Address{sip::unquote(display_name), own(uri)};
}

}  // namespace

TEST_CASE("every header has its grammar") {
  for (const sip::HeaderName& header : headers) {
    CAPTURE(header.full);
    CHECK(rules().has(header.full));
  }
}

TEST_CASE("every header: what its grammar makes is read, written, and read as the same value") {
  for (const sip::HeaderName& header : headers)
    judge_many(header.full, [&header](const std::string& text, bool legal) {
      return judge_header(header.full, text, legal);
    });
}

TEST_CASE("RFC 3261 §7.3.1: the values of a list are what each is alone") {
  SeededRandom random(values_each);
  for (const sip::HeaderName& header : headers) {
    if (!header.multi) continue;
    CAPTURE(header.full);
    for (int i = 0; i < values_each / 100; ++i) {
      std::vector<std::string> texts;
      std::vector<std::string> wanted;
      while (texts.size() < 3) {
        texts.push_back(rules().sentence(header.full, random));
        const sip::ReadHeader one = sip::read_header(header.full, texts.back(), Mode::strict);
        if (one.values == std::vector<std::string>{"*"})
          texts.pop_back();  // a Contact stands alone
        else
          wanted.insert(wanted.end(), one.values.begin(), one.values.end());
      }
      const std::string list = list_of(texts);
      CAPTURE(list);
      REQUIRE(sip::read_header(header.full, list, Mode::strict).values == wanted);
    }
  }
}

TEST_CASE("RFC 3261 §25.1: what the grammar of URIs makes is read, written, and the same again") {
  for (const char* const rule : {"sip-uri", "sips-uri", "tel-uri", "absolute-uri"})
    turn_many(rule, read_uri);
}

TEST_CASE("RFC 3966 §3: what the grammar of telephone numbers makes is the same again") {
  turn_many("tel-uri", read_tel);
}

TEST_CASE("RFC 3261 §19.1.4: a URI is equivalent to its normal form") {
  SeededRandom random(1);
  for (int i = 0; i < values_each; ++i) {
    const std::string text = rules().sentence("any-uri", random);
    CAPTURE(text);
    const std::optional<sip::Uri> uri = read_uri(text, Mode::strict);
    REQUIRE(uri);
    const std::string normal = uri->normalized();
    CAPTURE(normal);
    const std::optional<sip::Uri> again = read_uri(normal, Mode::strict);
    REQUIRE(again);
    REQUIRE(equivalent(*again, *uri));
    REQUIRE(again->normalized() == normal);
  }
}

TEST_CASE("RFC 3261 §20.10: what the grammar of addresses makes is the same again") {
  turn_many("address", [](std::string_view text, Mode mode) {
    return read_address(text, mode, sip::Brackets::optional);
  });
  turn_many("name-addr", [](std::string_view text, Mode mode) {
    return read_address(text, mode, sip::Brackets::required);
  });
}
