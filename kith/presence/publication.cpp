#include "kith/presence/publication.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <vector>

#include "kith/base/utf8.h"
#include "kith/presence/attributes.h"
#include "kith/presence/fragments.h"
#include "kith/presence/limits.h"
#include "kith/xml/parse.h"

namespace kith::presence {

namespace {

/// The text is UTF-8.
std::size_t characters_of(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(std::max<std::size_t>(utf8_front(text), 1));
  return count;
}

/// Whether the fragment says, standing alone, what the element said in its document.
bool says_the_same(const Fragment& fragment, const xml::Element& element) {
  const auto alone = xml::parse(fragment.xml, fragment_document);
  return alone && alone->is({element.ns(), element.local()}) &&
         alone->attributes() == element.attributes() && alone->inner_xml() == element.inner_xml();
}

void write_aggregate(xml::Writer& out, std::string_view prefix, std::string_view name,
                     std::uint16_t aggregate, std::string_view description) {
  const auto qualified = [&](std::string_view local) { return std::string(prefix).append(local); };
  out.start(qualified(name)).attribute(qualified("aggregate"), std::to_string(aggregate));
  if (!description.empty()) out.attribute(qualified("description"), description);
}

}  // namespace

Result<DeviceDocument> DeviceDocument::parse(const xml::Element& element) {
  const auto availability = only_child(element, "availability");
  if (!availability) return std::unexpected(availability.error());
  const auto activity = only_child(element, "activity");
  if (!activity) return std::unexpected(activity.error());
  const auto reach = aggregate_of(**availability);
  if (!reach) return std::unexpected(reach.error());
  const auto doing = aggregate_of(**activity);
  if (!doing) return std::unexpected(doing.error());
  DeviceDocument document;
  document.state = {.availability = {*reach}, .activity = {*doing}};
  for (const auto& [child, name, to] :
       {std::tuple(*availability, "description", &document.availability_description),
        std::tuple(*activity, "description", &document.activity_description),
        std::tuple(*activity, "note", &document.note)}) {
    auto text = text_of(*child, name);
    if (!text) return std::unexpected(text.error());
    *to = std::move(*text);
  }
  return document;
}

void DeviceDocument::write(xml::Writer& out, std::string_view prefix) const {
  write_aggregate(out, prefix, "availability", state.availability.value, availability_description);
  out.end();
  write_aggregate(out, prefix, "activity", state.activity.value, activity_description);
  if (!note.empty()) out.attribute(std::string(prefix).append("note"), note);
  out.end();
  out.raw(extensions);
}

Result<Publication> Publication::parse(const xml::Element& method, std::string_view document) {
  const auto presentity = only_child(method, "presentity");
  if (!presentity) return std::unexpected(presentity.error());
  auto uri = uri_of(**presentity, "uri");
  if (!uri) return std::unexpected(uri.error());
  auto of_device = DeviceDocument::parse(**presentity);
  if (!of_device) return std::unexpected(of_device.error());
  Publication publication{
      .uri = std::move(*uri), .document = std::move(*of_device), .user_info = {}};

  constexpr std::array<std::string_view, 4> path{"Envelope", "Body", name.local, "presentity"};
  const auto kept = fragments(document, path, publication_bytes_max);
  if (!kept) return std::unexpected(kept.error());
  const std::vector<xml::Element>& children = (*presentity)->children();
  if (kept->size() != children.size()) return refuse(Fault::malformed, "presentity");
  if ((*presentity)->count("userInfo") > 1) return refuse(Fault::duplicate, "userInfo");
  for (std::size_t i = 0; i < children.size(); ++i) {
    const Fragment& fragment = (*kept)[i];
    const std::string& local = children[i].local();
    if (local == "availability" || local == "activity") continue;
    if (!says_the_same(fragment, children[i])) return refuse(Fault::malformed, "presentity");
    const bool of_user = local == "userInfo";
    if (of_user && characters_of(fragment.content) > user_info_characters_max)
      return refuse(Fault::too_long, "userInfo");
    (of_user ? publication.user_info : publication.document.extensions) += fragment.xml;
  }
  return publication;
}

void Publication::write(xml::Writer& out) const {
  out.start("m:setPresence").attribute("xmlns:m", winrtc_namespace);
  out.start("m:presentity").attribute("m:uri", uri);
  document.write(out, "m:");
  out.raw(user_info).end().end();
}

Result<GetPresence> GetPresence::parse(const xml::Element& method) {
  const auto presentity = only_child(method, "presentity");
  if (!presentity) return std::unexpected(presentity.error());
  auto uri = uri_of(**presentity, "uri");
  if (!uri) return std::unexpected(uri.error());
  return GetPresence{std::move(*uri)};
}

void GetPresence::write(xml::Writer& out) const {
  out.start("m:getPresence").attribute("xmlns:m", winrtc_namespace);
  out.start("presentity").attribute("uri", uri).end().end();
}

}  // namespace kith::presence
