#include "kith/ua/new_request.h"

#include <string>

namespace kith::ua {

sip::Message new_request(std::string_view method, std::string_view from, std::string_view to,
                         Random& random) {
  const auto in_brackets = [](std::string_view uri) { return "<" + std::string{uri} + ">"; };
  sip::Message request = sip::Message::request(method, to);
  request.add("Max-Forwards", "70");
  request.add("From", in_brackets(from) + ";tag=" + random.hex(8));
  request.add("To", in_brackets(to));
  request.add("Call-ID", random.hex(16));
  request.add("CSeq", "1 " + std::string{method});
  return request;
}

}  // namespace kith::ua
