#include "kith/soap/envelope.h"

#include "kith/soap/limits.h"
#include "kith/xml/parse.h"

namespace kith::soap {

namespace {

/// SOAP 1.1 §4.2.3: what must be understood and is not ends the call. We understand no header.
bool must_understand_more(const xml::Element& header) {
  for (const xml::Element& entry : header.children())
    if (entry.attribute("mustUnderstand").value_or("0") != "0") return true;
  return false;
}

}  // namespace

Result<xml::Element> open(std::string_view document) {
  const Result<xml::Element> root = xml::parse(document, envelope_document);
  if (!root) return std::unexpected(root.error());
  if (!root->is({envelope_namespace, "Envelope"})) return refuse(Fault::unsupported, "Envelope");
  const xml::Element* body = nullptr;
  for (const xml::Element& child : root->children()) {
    if (child.is({envelope_namespace, "Header"}) && must_understand_more(child))
      return refuse(Fault::unsupported, "Header");
    if (!child.is({envelope_namespace, "Body"})) continue;
    if (body != nullptr) return refuse(Fault::duplicate, "Body");
    body = &child;
  }
  if (body == nullptr) return refuse(Fault::missing, "Body");
  if (body->children().empty()) return refuse(Fault::missing, "method");
  if (body->children().size() > 1) return refuse(Fault::too_many, "method");
  const xml::Element& method = body->children().front();
  if (method.ns() != winrtc_namespace) return refuse(Fault::unsupported, "method namespace");
  return method;
}

namespace detail {

void begin(xml::Writer& out) {
  out.start("SOAP-ENV:Envelope").attribute("xmlns:SOAP-ENV", envelope_namespace);
  out.start("SOAP-ENV:Body");
}

std::string finish(xml::Writer& out) { return out.end().end().take(); }

}  // namespace detail

std::string reason(const Error& error) {
  std::string text(error.where);
  text += ' ';
  text += to_string(error.fault);
  return text;
}

}  // namespace kith::soap
