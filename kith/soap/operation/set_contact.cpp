#include "kith/soap/operation/set_contact.h"

#include "kith/contacts/limits.h"
#include "kith/soap/fields.h"

namespace kith::soap {

Result<SetContact> SetContact::parse(const xml::Element& method) {
  Fields in(method);
  SetContact set;
  set.contact.name = in.text("displayName", contacts::name_bytes_max);
  set.contact.groups = in.group_ids("groups");
  set.contact.subscribed = in.boolean("subscribed");
  set.contact.uri = in.contact_uri("URI");
  set.contact.external_uri = in.optional_text("externalURI", contacts::external_uri_bytes_max);
  set.expected = in.version("deltaNum");
  set.contact.extension = in.optional_xml("contactExtension", contacts::extension_bytes_max);
  return in.result(std::move(set));
}

void SetContact::write(xml::Writer& out) const {
  begin_method(out, "m:setContact");
  out.element("m:displayName", contact.name);
  write_group_ids(out, "m:groups", contact.groups);
  out.element("m:subscribed", contact.subscribed ? "true" : "false");
  out.element("m:URI", contact.uri);
  out.element("m:externalURI", contact.external_uri);
  write_number(out, "m:deltaNum", expected.value);
  if (!contact.extension.empty()) out.start("m:contactExtension").raw(contact.extension).end();
  out.end();
}

}  // namespace kith::soap
