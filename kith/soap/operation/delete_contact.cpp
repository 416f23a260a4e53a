#include "kith/soap/operation/delete_contact.h"

#include "kith/soap/fields.h"

namespace kith::soap {

Result<DeleteContact> DeleteContact::parse(const xml::Element& method) {
  Fields in(method);
  DeleteContact deleted;
  deleted.uri = in.contact_uri("URI");
  deleted.expected = in.version("deltaNum");
  return in.result(std::move(deleted));
}

void DeleteContact::write(xml::Writer& out) const {
  begin_method(out, "m:deleteContact");
  out.element("m:URI", uri);
  write_number(out, "m:deltaNum", expected.value);
  out.end();
}

}  // namespace kith::soap
