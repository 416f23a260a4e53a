// An XML document: what is read writes its content so that it reads as the same.

#include "fuzz/target.h"
#include "kith/xml/element.h"
#include "kith/xml/parse.h"

using namespace kith;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Result<xml::Element> element = xml::parse(fuzz::text_of(data, size));
  if (!element) return 0;
  const std::string content = element->inner_xml();
  const Result<xml::Element> again =
      xml::parse("<x>" + content + "</x>", {
                                               .document_bytes_max = 1024 * 1024,
                                               .elements_max = 2048,
                                               .depth_max = 64,
                                               .attributes_max = 128,
                                               .namespace_bytes_max = 1024,
                                           });
  ensure(again.has_value());
  ensure(again->children() == element->children());
  ensure(again->text() == element->text());
  ensure(again->inner_xml() == content);
  return 0;
}
