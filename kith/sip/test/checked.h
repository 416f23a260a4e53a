#pragma once

#include <string>
#include <string_view>

#include "kith/sip/check.h"

// Messages to check, and what was found in them in a line.

namespace kith::sip::test {

/// A request of this method: what every one has, and these lines.
inline std::string request(std::string_view method, std::string_view lines,
                           std::string_view uri = "sip:b@example.com",
                           std::string_view to_tag = {}) {
  std::string text{method};
  text.append(" ").append(uri).append(" SIP/2.0\r\n");
  text.append("Via: SIP/2.0/UDP a;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n");
  text.append("From: <sip:a@example.com>;tag=1\r\nTo: <sip:b@example.com>").append(to_tag);
  text.append("\r\nCall-ID: c\r\nCSeq: 1 ").append(method).append("\r\n").append(lines);
  return text.append("Content-Length: 0\r\n\r\n");
}

inline std::string response(int status, std::string_view method, std::string_view lines,
                            std::string_view to_tag = ";tag=2") {
  std::string text = "SIP/2.0 " + std::to_string(status) + " x\r\n";
  text.append("Via: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a@example.com>;tag=1\r\n");
  text.append("To: <sip:b@example.com>").append(to_tag).append("\r\nCall-ID: c\r\nCSeq: 1 ");
  return text.append(method).append("\r\n").append(lines).append("Content-Length: 0\r\n\r\n");
}

/// What a message breaks: the only problem that it has, in one line.
inline std::string only(std::string_view text, Mode mode = Mode::strict) {
  const auto problems = check(text, mode);
  if (problems.empty()) return "nothing";
  if (problems.size() > 1)
    return std::string{problems[0].what} + " and " + std::string{problems[1].what};
  const Problem& problem = problems.front();
  return std::string{problem.error.where} + " " + std::string{to_string(problem.error.fault)} +
         " " + std::to_string(problem.status) + (problem.weight == Weight::note ? " note" : "") +
         ": " + std::string{problem.rule};
}

}  // namespace kith::sip::test
