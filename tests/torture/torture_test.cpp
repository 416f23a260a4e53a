// The torture messages of RFC 4475 and RFC 5118, each as index.tsv says: what the RFC expects, and
// what we make of it in both modes. None is switched off.

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "kith/sip/check.h"
#include "kith/sip/header/to.h"
#include "kith/sip/uri.h"

using namespace kith;
using namespace kith::sip;

namespace {

using Row = std::map<std::string, std::string>;

std::filesystem::path data() {
  return std::filesystem::path(KITH_SOURCE_DIR) / "tests/torture/data";
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, '\t');) cells.push_back(cell);
  return cells;
}

std::vector<Row> rows(std::string_view set) {
  std::istringstream in(bytes_of(data() / set / "index.tsv"));
  std::vector<Row> rows;
  std::vector<std::string> names;
  for (std::string line; std::getline(in, line);) {
    if (names.empty()) {
      names = cells(line);
      continue;
    }
    const std::vector<std::string> values = cells(line);
    REQUIRE(values.size() == names.size());
    Row& row = rows.emplace_back();
    for (std::size_t i = 0; i < names.size(); ++i) row[names[i]] = values[i];
  }
  return rows;
}

/// "accept", the status of the answer, or "drop" for a response.
std::string outcome(const std::vector<Problem>& problems) {
  const Problem* const fault = first_fault(problems);
  if (fault == nullptr) return "accept";
  return fault->status == 0 ? "drop" : std::to_string(fault->status);
}

/// Whether the outcome is one that the RFC has for this message.
bool is_expected(const Row& row, const std::string& outcome, Mode mode) {
  const std::string& expected = row.at("expected");
  if (expected.starts_with("discard")) return outcome == "drop";
  if (expected.starts_with("accept"))
    return outcome == "accept" || expected.contains(outcome) ||
           (mode == Mode::strict && row.at("syntax") != "valid");
  const bool tolerable = expected.contains("reject 400 allowed");
  if (tolerable && mode == Mode::lenient && outcome == "accept") return true;
  return expected.contains(outcome);
}

}  // namespace

TEST_CASE("RFC 4475 §3: each torture message ends as the RFC has it, in both modes") {
  std::size_t messages = 0;
  for (const char* set : {"rfc4475", "rfc5118"}) {
    for (const Row& row : rows(set)) {
      const std::string bytes = bytes_of(data() / row.at("file"));
      CAPTURE(row.at("name"));
      CHECK(std::to_string(bytes.size()) == row.at("bytes"));
      for (const Mode mode : {Mode::strict, Mode::lenient}) {
        const auto problems = check(bytes, mode);
        const std::string made = outcome(problems);
        const Problem* const fault = first_fault(problems);
        CAPTURE((fault == nullptr ? "" : fault->error.where));
        CAPTURE((fault == nullptr ? "" : fault->what));
        CHECK(made == row.at(mode == Mode::strict ? "strict" : "lenient"));
        CHECK(is_expected(row, made, mode));
      }
      ++messages;
    }
  }
  CHECK(messages == 62);
}

TEST_CASE("RFC 4475 §3: what the quick question refuses, check() refuses with the same status") {
  for (const char* set : {"rfc4475", "rfc5118"}) {
    for (const Row& row : rows(set)) {
      CAPTURE(row.at("name"));
      for (const Mode mode : {Mode::strict, Mode::lenient}) {
        const auto message = Message::parse(bytes_of(data() / row.at("file")), mode);
        const auto fault = message ? first_fault(*message) : std::nullopt;
        if (!fault) continue;
        const auto problems = check(*message);
        REQUIRE(first_fault(problems) != nullptr);
        if (message->is_request()) CHECK(first_fault(problems)->status == status_of(*fault));
      }
    }
  }
}

TEST_CASE("RFC 4475 §3: a message that is accepted is written back byte for byte") {
  for (const Row& row : rows("rfc4475")) {
    CAPTURE(row.at("name"));
    const std::string bytes = bytes_of(data() / row.at("file"));
    const auto message = Message::parse(bytes);
    if (!message || row.at("lenient") != "accept") continue;
    CHECK(bytes.starts_with(message->write()));
  }
}

TEST_CASE("RFC 5118 §4.10: three colons are read as two and noted; two are written") {
  const std::string bytes = bytes_of(data() / "rfc5118/ipv6-bug-abnf-3-colons.dat");
  REQUIRE(bytes.contains("[2001:db8:::192.0.2.1]"));
  std::vector<std::string_view> noted;
  for (const Problem& each : check(bytes, Mode::lenient))
    if (each.what == "three colons in an IPv6 address") noted.push_back(each.error.where);
  CHECK(noted == std::vector<std::string_view>{"To", "Request-URI"});
  const auto message = Message::parse(bytes);
  REQUIRE(message);
  CHECK(Uri::parse(message->request_uri())->to_string() == "sip:user@[2001:db8::192.0.2.1]");
  CHECK(written(**message->get<To>()) == "<sip:user@[2001:db8::192.0.2.1]>");
}
