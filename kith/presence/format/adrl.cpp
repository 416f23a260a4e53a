#include "kith/presence/format/adrl.h"

#include <array>
#include <utility>

#include "kith/presence/attributes.h"
#include "kith/presence/limits.h"
#include "kith/xml/parse.h"
#include "kith/xml/writer.h"

namespace kith::presence::adrl {

namespace {

constexpr std::array<std::pair<std::string_view, Action>, 3> actions{{
    {"create", Action::create},
    {"add", Action::add},
    {"delete", Action::remove},
}};

}  // namespace

std::string write(const AdHocList& list) {
  xml::Writer out;
  out.start("adhoclist").attribute("xmlns", ns).attribute("uri", list.watcher);
  out.attribute("name", list.watcher);
  for (const auto& [name, action] : actions)
    if (action == list.action) out.start(name).attribute("xmlns", "");
  for (const std::string& resource : list.resources)
    out.start("resource").attribute("uri", resource).end();
  out.end().end();
  return out.take();
}

Result<AdHocList> parse(std::string_view document) {
  const auto root = xml::parse(document, list_document);
  if (!root) return std::unexpected(root.error());
  if (root->local() != "adhoclist") return refuse(Fault::unsupported, "document");
  auto watcher = uri_of(*root, "uri");
  if (!watcher) return std::unexpected(watcher.error());
  AdHocList list{.watcher = std::move(*watcher), .action = Action::create, .resources = {}};
  const xml::Element* change = nullptr;
  for (const auto& [name, action] : actions) {
    const std::size_t count = root->count(name);
    if (count > 1 || (count == 1 && change != nullptr)) return refuse(Fault::too_many, "create");
    if (count == 0) continue;
    change = root->child(name);
    list.action = action;
  }
  if (change == nullptr) return refuse(Fault::missing, "create");
  for (const xml::Element& child : change->children()) {
    if (child.local() != "resource") continue;
    auto uri = uri_of(child, "uri");
    if (!uri) return std::unexpected(uri.error());
    list.resources.push_back(std::move(*uri));
  }
  return list;
}

}  // namespace kith::presence::adrl
