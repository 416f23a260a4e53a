#include "kith/presence/format/rlmi.h"

#include <utility>

#include "kith/base/ensure.h"
#include "kith/base/text.h"
#include "kith/presence/attributes.h"
#include "kith/presence/format/msrtc.h"
#include "kith/presence/limits.h"
#include "kith/presence/uri.h"
#include "kith/xml/parse.h"
#include "kith/xml/writer.h"

namespace kith::presence::rlmi {

namespace {

constexpr std::string_view root_id = "resourceList";

std::string list_of(const Head& head, std::span<const Part> parts) {
  xml::Writer out;
  out.start("list")
      .attribute("xmlns", ns)
      .attribute("uri", head.watcher)
      .attribute("version", std::to_string(head.version))
      .attribute("fullState", head.extent == Extent::full ? "true" : "false");
  for (const Part& part : parts) {
    out.start("resource").attribute("uri", part.uri);
    out.start("instance")
        .attribute("id", "0")
        .attribute("state", "active")
        .attribute("cid", without_scheme(part.uri))
        .end();
    out.end();
  }
  out.end();
  return out.take();
}

/// The identifier stands without angle brackets, as the specification's examples have it. Real
/// clients cut four bytes off the end of a part: the line end that belongs to the boundary, and one
/// more, which is added here.
void add_part(sip::MultipartWriter& out, std::string_view id, std::string_view type,
              std::string_view content) {
  std::string head = "Content-Transfer-Encoding: binary\r\nContent-ID: ";
  head.append(id).append("\r\nContent-Type: ").append(type).append("\r\n");
  out.add_lines(head, std::string(content) + "\r\n");
}

Result<Head> read_head(const xml::Element& root) {
  auto watcher = uri_of(root, "uri");
  if (!watcher) return std::unexpected(watcher.error());
  const auto version = required(root, "version");
  if (!version) return std::unexpected(version.error());
  const auto number = number_of<std::uint32_t>(trim(*version));
  if (!number) return refuse(Fault::malformed, "version");
  const auto full = required(root, "fullState");
  if (!full) return std::unexpected(full.error());
  const std::string_view word = trim(*full);
  const bool is_true = word == "true" || word == "1";
  if (!is_true && word != "false" && word != "0") return refuse(Fault::malformed, "fullState");
  return Head{.watcher = std::move(*watcher),
              .version = *number,
              .extent = is_true ? Extent::full : Extent::partial};
}

std::string_view document_of(const xml::Element& resource, const sip::Multipart& parts) {
  for (const xml::Element& instance : resource.children()) {
    const auto cid = instance.attribute("cid");
    if (instance.local() != "instance" || !cid) continue;
    const sip::BodyPart* part = parts.find(*cid);
    return part == nullptr ? std::string_view{} : part->content;
  }
  return {};
}

}  // namespace

sip::MultipartWriter::Written write(const Head& head, std::span<const Part> parts) {
  sip::MultipartWriter out;
  add_part(out, root_id, content_type, list_of(head, parts));
  for (const Part& part : parts) {
    ensure(is_presentity_uri(part.uri));  // it stands in a header line
    add_part(out, without_scheme(part.uri), msrtc::content_type, part.document);
  }
  sip::MultipartWriter::Written written = out.write("related", "kith");
  const std::string boundary(written.type.params.find("boundary").value_or(""));
  written.type.params = {};
  written.type.params.set_quoted("type", content_type);
  written.type.params.set("start", root_id);
  written.type.params.set("boundary", boundary);
  return written;
}

Result<Notification> parse(std::string_view body, const sip::ContentTypeView& type) {
  const auto parts = sip::Multipart::parse(body, type);
  if (!parts) return std::unexpected(parts.error());
  const sip::BodyPart* list = parts->root();
  if (list == nullptr) return refuse(Fault::missing, "list");
  const auto root = xml::parse(list->content, list_document);
  if (!root) return std::unexpected(root.error());
  if (root->local() != "list") return refuse(Fault::unsupported, "document");
  auto head = read_head(*root);
  if (!head) return std::unexpected(head.error());
  Notification notification{.head = std::move(*head), .resources = {}, .documents = {}};
  for (const xml::Element& child : root->children()) {
    if (child.local() != "resource") continue;
    auto uri = uri_of(child, "uri");
    if (!uri) return std::unexpected(uri.error());
    notification.resources.push_back(std::move(*uri));
    notification.documents.push_back(document_of(child, *parts));
  }
  return notification;
}

}  // namespace kith::presence::rlmi
