#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "kith/base/result.h"
#include "kith/soap/operation.h"
#include "kith/xml/element.h"
#include "kith/xml/writer.h"

namespace kith::soap {

inline constexpr std::string_view content_type = "application/SOAP+xml";
/// SOAP 1.1 §4.1.2; no other version is understood.
inline constexpr std::string_view envelope_namespace = "http://schemas.xmlsoap.org/soap/envelope/";

/// The method element of an envelope: the only element of its Body, in winrtc_namespace. The error
/// names what was wrong: "XML", "Envelope", "Header", "Body" or "method".
Result<xml::Element> open(std::string_view document);

namespace detail {
/// Opens Envelope and Body, which finish() closes.
void begin(xml::Writer& out);
/// Closes both, and gives the whole document.
std::string finish(xml::Writer& out);
}  // namespace detail

/// The document that carries an operation, or the answer to one.
template <Operation X>
std::string envelope(const X& operation) {
  xml::Writer out;
  detail::begin(out);
  operation.write(out);
  return detail::finish(out);
}

/// Reads an envelope that must carry this one operation: what a client does with an answer.
template <Operation X>
Result<X> read(std::string_view document) {
  const Result<xml::Element> method = open(document);
  if (!method) return std::unexpected(method.error());
  if (!method->is(X::name)) return refuse(Fault::unsupported, "method");
  return X::parse(*method);
}

/// For the 400 that answers it: "deltaNum malformed".
std::string reason(const Error& error);

}  // namespace kith::soap
