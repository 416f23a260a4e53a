#include "kith/acl/format/roaming.h"

#include <utility>
#include <vector>

#include "kith/acl/limits.h"
#include "kith/xml/parse.h"
#include "kith/xml/writer.h"

namespace kith::acl::roaming {

namespace {

Result<Version> read_version(const xml::Element& root) {
  const auto text = root.attribute("deltaNum");
  if (!text) return refuse(Fault::missing, "deltaNum");
  auto version = parse_version(*text);
  if (version && *version == Version{0}) return refuse(Fault::malformed, "deltaNum");
  return version;
}

Result<Ace> read_ace(const xml::Element& element) {
  const auto type = element.attribute("type");
  if (!type) return refuse(Fault::missing, "type");
  return Ace::parse(*type, element.attribute("mask"), element.attribute("rights"));
}

Result<std::vector<Ace>> read_aces(const xml::Element& root) {
  std::vector<Ace> aces;
  for (const xml::Element& set : root.children()) {
    if (set.local() != "userACL") continue;
    for (const xml::Element& child : set.children()) {
      if (child.local() != "ace") continue;
      auto ace = read_ace(child);
      if (!ace) return std::unexpected(ace.error());
      aces.push_back(std::move(*ace));
    }
  }
  return aces;
}

}  // namespace

std::string write(const List& list) {
  xml::Writer out;
  out.start("ACLlist").attribute("deltaNum", std::to_string(list.version().value));
  out.start("userACL");
  for (const Ace& ace : list.aces())
    out.start("ace")
        .attribute("type", to_string(ace.scope()))
        .attribute("mask", ace.mask())
        .attribute("rights", ace.rights().to_string())
        .end();
  return out.end().end().take();
}

Result<List> parse(std::string_view document) {
  const auto root = xml::parse(document, roaming_document);
  if (!root) return std::unexpected(root.error());
  if (root->local() != "ACLlist") return refuse(Fault::unsupported, "document");
  const auto version = read_version(*root);
  if (!version) return std::unexpected(version.error());
  auto aces = read_aces(*root);
  if (!aces) return std::unexpected(aces.error());
  auto list = List::make(*version, std::move(*aces));
  if (!list) return refuse(Fault::duplicate, "ACLlist");
  return std::move(*list);
}

}  // namespace kith::acl::roaming
