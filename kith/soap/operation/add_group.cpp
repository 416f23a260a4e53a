#include "kith/soap/operation/add_group.h"

#include "kith/contacts/limits.h"
#include "kith/soap/fields.h"

namespace kith::soap {

Result<AddGroup> AddGroup::parse(const xml::Element& method) {
  Fields in(method);
  AddGroup added;
  added.group_name = in.text("name", contacts::name_bytes_max);
  added.external_uri = in.optional_text("externalURI", contacts::external_uri_bytes_max);
  added.expected = in.version("deltaNum");
  return in.result(std::move(added));
}

void AddGroup::write(xml::Writer& out) const {
  begin_method(out, "m:addGroup");
  out.element("m:name", group_name);
  out.element("m:externalURI", external_uri);
  write_number(out, "m:deltaNum", expected.value);
  out.end();
}

}  // namespace kith::soap
