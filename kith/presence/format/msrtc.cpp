#include "kith/presence/format/msrtc.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

#include "kith/base/text.h"
#include "kith/presence/attributes.h"
#include "kith/presence/limits.h"
#include "kith/presence/uri.h"
#include "kith/xml/parse.h"
#include "kith/xml/writer.h"

namespace kith::presence::msrtc {

namespace {

using std::chrono::seconds;

void write_overall(xml::Writer& out, std::string_view name, std::uint16_t value,
                   std::string_view epid) {
  out.start(name).attribute("aggregate", std::to_string(value)).attribute("description", "");
  if (!epid.empty()) out.attribute("epid", epid);
  out.end();
}

void write_directory(xml::Writer& out, const Directory& directory) {
  if (!directory.display_name.empty())
    out.start("displayName").attribute("displayName", directory.display_name).end();
  if (!directory.email.empty()) out.start("email").attribute("email", directory.email).end();
  if (!directory.phone_number.empty())
    out.start("phoneNumber")
        .attribute("label", "")
        .attribute("number", directory.phone_number)
        .end();
}

void write_device(xml::Writer& out, const DevicePresence& device, Time now) {
  const seconds age = std::max(std::chrono::floor<seconds>(now - device.published), seconds{0});
  out.start("devicePresence")
      .attribute("epid", device.epid)
      .attribute("ageOfPresence", std::to_string(age.count()));
  device.document.write(out, "");
  out.end();
}

/// An element with its tags.
std::string whole(const xml::Element& element) {
  xml::Element around;
  around.add(element);
  return around.inner_xml();
}

Result<DevicePresence> read_device(const xml::Element& element, Time now) {
  const auto epid = required(element, "epid");
  if (!epid) return std::unexpected(epid.error());
  if (!is_epid(*epid)) return refuse(Fault::malformed, "epid");
  const auto age = required(element, "ageOfPresence");
  if (!age) return std::unexpected(age.error());
  const auto age_seconds = number_of<std::uint32_t>(trim(*age));
  if (!age_seconds) return refuse(Fault::malformed, "ageOfPresence");
  auto read = DeviceDocument::parse(element);
  if (!read) return std::unexpected(read.error());
  DevicePresence device{.epid = std::string(*epid),
                        .published = now - seconds{*age_seconds},
                        .document = std::move(*read)};
  for (const xml::Element& child : element.children())
    if (child.local() != "availability" && child.local() != "activity")
      device.document.extensions += whole(child);
  return device;
}

Directory read_directory(const xml::Element& root) {
  const auto said = [&](std::string_view child, std::string_view name) {
    const xml::Element* element = root.child(child);
    return std::string(element == nullptr ? "" : element->attribute(name).value_or(""));
  };
  return {.display_name = said("displayName", "displayName"),
          .email = said("email", "email"),
          .phone_number = said("phoneNumber", "number")};
}

}  // namespace

std::string write(const Aggregate& aggregate, Time now) {
  xml::Writer out;
  out.start("presentity").attribute("uri", without_scheme(aggregate.uri)).attribute("xmlns", ns);
  write_overall(out, "availability", aggregate.state.availability.value, aggregate.epid);
  write_overall(out, "activity", aggregate.state.activity.value, aggregate.epid);
  write_directory(out, aggregate.directory);
  out.raw(aggregate.user_info);
  if (!aggregate.devices.empty()) {
    out.start("devices");
    for (const DevicePresence& device : aggregate.devices) write_device(out, device, now);
    out.end();
  }
  out.end();
  return out.take();
}

Result<Aggregate> parse(std::string_view document, Time now) {
  const auto root = xml::parse(document, aggregate_document);
  if (!root) return std::unexpected(root.error());
  if (root->local() != "presentity") return refuse(Fault::unsupported, "document");
  auto uri = uri_of(*root, "uri");
  if (!uri) return std::unexpected(uri.error());
  const auto overall = DeviceDocument::parse(*root);
  if (!overall) return std::unexpected(overall.error());
  Aggregate aggregate{.uri = std::move(*uri),
                      .state = overall->state,
                      .epid = {},
                      .directory = read_directory(*root),
                      .user_info = {},
                      .devices = {}};
  aggregate.epid = root->child("availability")->attribute("epid").value_or("");
  if (!aggregate.epid.empty() && !is_epid(aggregate.epid)) return refuse(Fault::malformed, "epid");
  if (const xml::Element* user_info = root->child("userInfo"))
    aggregate.user_info = whole(*user_info);
  const xml::Element* devices = root->child("devices");
  if (devices == nullptr) return aggregate;
  for (const xml::Element& child : devices->children()) {
    if (child.local() != "devicePresence") continue;
    auto device = read_device(child, now);
    if (!device) return std::unexpected(device.error());
    aggregate.devices.push_back(std::move(*device));
  }
  return aggregate;
}

}  // namespace kith::presence::msrtc
