#include "kith/sip/shape/bracketed_uri.h"

#include "kith/sip/shape/name_addr.h"

namespace kith::sip {

bool read_bracketed_uri(Scanner& in, UriView& uri, ParamsView& params) {
  std::string_view no_display_name;
  return in.peek() == '<' && read_address(in, no_display_name, uri, Brackets::required) &&
         read(in, params);
}

}  // namespace kith::sip
