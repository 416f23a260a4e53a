#include "kith/soap/operation/add_group_response.h"

#include "kith/soap/fields.h"

namespace kith::soap {

Result<AddGroupResponse> AddGroupResponse::parse(const xml::Element& method) {
  Fields in(method);
  AddGroupResponse response;
  response.id = in.group_id("groupID");
  return in.result(response);
}

void AddGroupResponse::write(xml::Writer& out) const {
  begin_method(out, "m:addGroup");
  write_number(out, "m:groupID", id.value);
  out.end();
}

}  // namespace kith::soap
