#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kith/crypto/secret.h"
#include "server/admin/json.h"

/// What kithctl asks and what it is told: one JSON object a line, the same whether it goes over the
/// socket or not.
namespace kith::admin {

struct Request {
  std::string command;  // "user add"
  std::string user;     // an address of record
  std::string name;
  std::vector<std::string> principals;
  std::optional<crypto::Secret> password;
  std::string file;
};

/// How a command ended; also the exit code.
enum class Code : std::uint8_t {
  done = 0,
  no = 1,      // the answer is no
  usage = 2,   // asked wrongly
  failed = 3,  // the server, the disk or the network failed
};

struct Answer {
  Code code = Code::done;
  std::string text;    // for a person, without a newline at the end
  json::Value result;  // for --json

  bool operator==(const Answer&) const = default;
};

/// An answer that is only a sentence: {"error": sentence} where it is none of done.
Answer say(Code code, std::string sentence);

/// Without the newline. A line is secret where the request holds a password.
std::string write(const Request& request);
std::string write(const Answer& answer);
/// Nothing for what is no request, or holds members that are not known.
std::optional<Request> parse_request(std::string_view line);
std::optional<Answer> parse_answer(std::string_view line);

}  // namespace kith::admin
