#include "kith/soap/operation/delete_group.h"

#include "kith/soap/fields.h"

namespace kith::soap {

Result<DeleteGroup> DeleteGroup::parse(const xml::Element& method) {
  Fields in(method);
  DeleteGroup deleted;
  deleted.id = in.group_id("groupID");
  deleted.expected = in.version("deltaNum");
  return in.result(std::move(deleted));
}

void DeleteGroup::write(xml::Writer& out) const {
  begin_method(out, "m:deleteGroup");
  write_number(out, "m:groupID", id.value);
  write_number(out, "m:deltaNum", expected.value);
  out.end();
}

}  // namespace kith::soap
