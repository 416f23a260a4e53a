#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "kith/soap/envelope.h"

/// What the tests of the operations share.
namespace kith::soap::test {

/// The children in the envelope that SIPE sends, with the prefixes declared there.
inline std::string sipe_request(std::string_view method, std::string_view children) {
  std::string document =
      "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" "
      "xmlns:m=\"http://schemas.microsoft.com/winrtc/2002/11/sip\"><s:Body><m:";
  document.append(method).append(">").append(children).append("</m:").append(method);
  return document.append("></s:Body></s:Envelope>");
}

template <Operation X>
Result<X> parse(std::string_view children) {
  return read<X>(sipe_request(X::name.local, children));
}

template <Operation X>
void check_refused(const std::string& children, Fault fault, std::string_view where) {
  CAPTURE(children);
  const Result<X> operation = parse<X>(children);
  REQUIRE_FALSE(operation);
  CHECK(operation.error().fault == fault);
  CHECK(operation.error().where == where);
}

template <Operation X>
void check_round_trip(const X& operation) {
  const Result<X> back = read<X>(envelope(operation));
  REQUIRE(back);
  CHECK(*back == operation);
}

/// What every operation that changes the list asks of deltaNum. `others` are the other children.
template <Operation X>
void check_delta_num(const std::string& others) {
  CHECK(parse<X>(others + "<m:deltaNum> 4294967295\n</m:deltaNum>")->expected.value == 4294967295U);
  CHECK(parse<X>("<m:deltaNum>7</m:deltaNum>" + others)->expected.value == 7);
  check_refused<X>(others, Fault::missing, "deltaNum");
  for (const std::string_view bad : {"", "x", "-1", "1.0", "0x1", "4294967296", "1 2", "+1"})
    check_refused<X>(others + "<m:deltaNum>" + std::string(bad) + "</m:deltaNum>", Fault::malformed,
                     "deltaNum");
  check_refused<X>(others + "<m:deltaNum>1</m:deltaNum><m:deltaNum>2</m:deltaNum>",
                   Fault::duplicate, "deltaNum");
}

}  // namespace kith::soap::test
