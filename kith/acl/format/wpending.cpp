#include "kith/acl/format/wpending.h"

#include <utility>

#include "kith/acl/ace.h"
#include "kith/acl/limits.h"
#include "kith/xml/parse.h"
#include "kith/xml/writer.h"

namespace kith::acl::wpending {

namespace {

Result<Watcher> read_watcher(const xml::Element& element) {
  const auto uri = element.attribute("uri");
  if (!uri) return refuse(Fault::missing, "uri");
  const auto ace = Ace::make(Scope::user, *uri, {});
  if (!ace) return refuse(ace.error().fault, "uri");
  const auto display_name = element.attribute("displayName").value_or("");
  Watcher watcher{.uri = std::string(*uri), .display_name = {}};
  if (display_name.size() <= display_name_bytes_max) watcher.display_name = display_name;
  return watcher;
}

}  // namespace

std::string write(const Pending& pending) {
  xml::Writer out;
  out.start("watchers");
  for (const Watcher& watcher : pending.watchers())
    out.start("watcher")
        .attribute("uri", watcher.uri)
        .attribute("displayName", watcher.display_name)
        .end();
  return out.end().take();
}

Result<std::vector<Watcher>> parse(std::string_view document) {
  std::vector<Watcher> watchers;
  if (document.empty()) return watchers;
  const auto root = xml::parse(document, pending_document);
  if (!root) return std::unexpected(root.error());
  for (const xml::Element& child : root->children()) {
    if (child.local() != "watcher") continue;
    auto watcher = read_watcher(child);
    if (!watcher) return std::unexpected(watcher.error());
    watchers.push_back(std::move(*watcher));
  }
  return watchers;
}

}  // namespace kith::acl::wpending
