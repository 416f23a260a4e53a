#include "kith/xml/parse.h"

#include <libxml/parser.h>

#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "kith/xml/survey.h"
#include "kith/xml/writer.h"

namespace kith::xml {

namespace {

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view{} : reinterpret_cast<const char*>(text);
}

/// Builds the tree from libxml2's events. libxml2's own tree is never made.
struct Builder {
  const Limits& limits;
  std::vector<Element> open;
  std::optional<Element> root;
  std::optional<Error> error;

  void fail(Fault fault, std::string_view where, std::size_t offset = 0) {
    if (!error) error = Error{.fault = fault, .where = where, .offset = offset};
  }
};

/// libxml2 hands attributes over as five pointers each.
struct RawAttribute {
  const xmlChar* local;
  const xmlChar* prefix;
  const xmlChar* ns;
  const xmlChar* value;
  const xmlChar* value_end;
};
static_assert(sizeof(RawAttribute) == 5 * sizeof(const xmlChar*));

void on_start(void* context, const xmlChar* local, const xmlChar*, const xmlChar* ns, int,
              const xmlChar**, int attributes, int, const xmlChar** raw) {
  Builder& builder = *static_cast<Builder*>(context);
  if (builder.error) return;
  const auto fits = [&](std::string_view name) {
    return name.size() <= builder.limits.namespace_bytes_max;
  };
  if (!fits(view(ns))) return builder.fail(Fault::too_long, "XML namespace");
  Element element(view(ns), view(local));
  for (int i = 0; i < attributes; ++i) {
    RawAttribute attribute{};
    std::memcpy(&attribute, raw + 5 * i, sizeof attribute);
    if (!fits(view(attribute.ns))) return builder.fail(Fault::too_long, "XML namespace");
    element.add(Attribute{
        .ns = std::string(view(attribute.ns)),
        .local = std::string(view(attribute.local)),
        .value = {reinterpret_cast<const char*>(attribute.value),
                  reinterpret_cast<const char*>(attribute.value_end)},
    });
  }
  builder.open.push_back(std::move(element));
}

void on_end(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
  Builder& builder = *static_cast<Builder*>(context);
  if (builder.error || builder.open.empty()) return;
  Element done = std::move(builder.open.back());
  builder.open.pop_back();
  if (builder.open.empty()) {
    builder.root = std::move(done);
  } else {
    builder.open.back().add(std::move(done));
  }
}

void on_text(void* context, const xmlChar* text, int length) {
  Builder& builder = *static_cast<Builder*>(context);
  if (builder.error || builder.open.empty()) return;
  builder.open.back().add_text(
      {reinterpret_cast<const char*>(text), static_cast<std::size_t>(length)});
}

/// The survey refuses it first; this stands behind it.
void on_doctype(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
  static_cast<Builder*>(context)->fail(Fault::forbidden, "DOCTYPE");
}

void on_error(void* context, xmlErrorPtr error) {
  if (error->level < XML_ERR_ERROR) return;
  const auto* parser = static_cast<xmlParserCtxtPtr>(error->ctxt);
  const long offset =
      parser == nullptr ? 0 : xmlByteConsumed(static_cast<xmlParserCtxtPtr>(error->ctxt));
  static_cast<Builder*>(context)->fail(Fault::malformed, "XML",
                                       offset < 0 ? 0 : static_cast<std::size_t>(offset));
}

xmlSAXHandler handler() {
  xmlSAXHandler events{};
  events.initialized = XML_SAX2_MAGIC;
  events.startElementNs = on_start;
  events.endElementNs = on_end;
  events.characters = on_text;
  events.ignorableWhitespace = on_text;
  events.cdataBlock = on_text;
  events.internalSubset = on_doctype;
  events.serror = on_error;
  return events;
}

void initialise_once() {
  static const bool done = (xmlInitParser(), true);
  static_cast<void>(done);
}

}  // namespace

Result<Element> parse(std::string_view document, const Limits& limits) {
  if (document.size() > limits.document_bytes_max)
    return refuse(Fault::too_long, "XML document", limits.document_bytes_max);
  if (document.starts_with("\xEF\xBB\xBF")) document.remove_prefix(3);
  if (!is_text(document)) return refuse(Fault::malformed, "XML");
  if (const Result<void> counted = survey(document, limits); !counted)
    return std::unexpected(counted.error());

  initialise_once();
  const std::unique_ptr<xmlParserCtxt, decltype(&xmlFreeParserCtxt)> parser(xmlNewParserCtxt(),
                                                                            &xmlFreeParserCtxt);
  if (parser == nullptr) return refuse(Fault::malformed, "XML");
  Builder builder{.limits = limits, .open = {}, .root = {}, .error = {}};
  *parser->sax = handler();
  parser->userData = &builder;
  // The text is UTF-8 by now: named as the encoding it would be converted into itself, so a
  // declaration that names another one is ignored instead.
  // XML_PARSE_NOENT makes "&amp;" in an attribute "&" instead of "&#38;". It is harmless only
  // because nothing can declare an entity here: never add XML_PARSE_DTDLOAD or XML_PARSE_RECOVER.
  const xmlDocPtr tree = xmlCtxtReadMemory(
      parser.get(), document.data(), static_cast<int>(document.size()), nullptr, nullptr,
      XML_PARSE_IGNORE_ENC | XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_NOWARNING);
  if (tree != nullptr) xmlFreeDoc(tree);
  if (builder.error) return std::unexpected(*builder.error);
  if (parser->wellFormed == 0 || parser->nsWellFormed == 0 || !builder.root)
    return refuse(Fault::malformed, "XML");
  return std::move(*builder.root);
}

}  // namespace kith::xml
