#include "kith/soap/operation/modify_group.h"

#include "kith/contacts/limits.h"
#include "kith/soap/fields.h"

namespace kith::soap {

Result<ModifyGroup> ModifyGroup::parse(const xml::Element& method) {
  Fields in(method);
  ModifyGroup modified;
  modified.group.id = in.group_id("groupID");
  modified.group.name = in.text("name", contacts::name_bytes_max);
  modified.group.external_uri = in.optional_text("externalURI", contacts::external_uri_bytes_max);
  modified.expected = in.version("deltaNum");
  return in.result(std::move(modified));
}

void ModifyGroup::write(xml::Writer& out) const {
  begin_method(out, "m:modifyGroup");
  write_number(out, "m:groupID", group.id.value);
  out.element("m:name", group.name);
  out.element("m:externalURI", group.external_uri);
  write_number(out, "m:deltaNum", expected.value);
  out.end();
}

}  // namespace kith::soap
