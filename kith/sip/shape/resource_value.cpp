#include "kith/sip/shape/resource_value.h"

namespace kith::sip {

namespace {

/// token-nodot: RFC 4412 §3.1
constexpr CharSet nodot_chars = digits | letters | CharSet{"-!%*_+`'~"};

}  // namespace

bool read_resource_value(Scanner& in, std::string_view& name_space, std::string_view& priority) {
  return in.run(nodot_chars, name_space) && in.next('.') && in.run(nodot_chars, priority);
}

}  // namespace kith::sip
