#include "kith/soap/fields.h"

#include <algorithm>

#include "kith/base/number.h"
#include "kith/contacts/limits.h"
#include "kith/soap/limits.h"
#include "kith/soap/operation.h"

namespace kith::soap {

namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string_view without_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::optional<contacts::GroupId> group_id_of(std::string_view text) {
  const auto number = number_of<std::uint32_t>(text);
  if (!number || *number > group_id_max) return std::nullopt;
  return contacts::GroupId{static_cast<std::uint8_t>(*number)};
}

}  // namespace

std::string Fields::text(std::string_view name, std::size_t bytes_max) {
  require(name);
  return optional_text(name, bytes_max);
}

std::string Fields::optional_text(std::string_view name, std::size_t bytes_max) {
  const xml::Element* field = find(name);
  if (field == nullptr) return {};
  if (!field->children().empty()) {
    fail(Fault::malformed, name);
    return {};
  }
  if (field->text().size() > bytes_max) {
    fail(Fault::too_long, name);
    return {};
  }
  return field->text();
}

bool Fields::boolean(std::string_view name) {
  const xml::Element* field = require(name);
  if (field == nullptr) return false;
  const std::string_view text = without_blanks(field->text());
  const bool yes = text == "true" || text == "1";
  if (!yes && text != "false" && text != "0") fail(Fault::malformed, name);
  return yes;
}

std::string Fields::contact_uri(std::string_view name) {
  const xml::Element* field = require(name);
  if (field == nullptr) return {};
  const std::string_view uri = without_blanks(field->text());
  if (uri.size() > contacts::uri_bytes_max) {
    fail(Fault::too_long, name);
  } else if (!contacts::is_contact_uri(uri)) {
    fail(Fault::malformed, name);
  }
  return std::string(uri);
}

contacts::Version Fields::version(std::string_view name) {
  const xml::Element* field = require(name);
  if (field == nullptr) return {};
  const auto number = number_of<std::uint32_t>(without_blanks(field->text()));
  if (!number) fail(Fault::malformed, name);
  return contacts::Version{number.value_or(0)};
}

contacts::GroupId Fields::group_id(std::string_view name) {
  const xml::Element* field = require(name);
  if (field == nullptr) return {};
  const auto id = group_id_of(without_blanks(field->text()));
  if (!id) fail(Fault::malformed, name);
  return id.value_or(contacts::GroupId{});
}

std::vector<contacts::GroupId> Fields::group_ids(std::string_view name) {
  std::vector<contacts::GroupId> ids;
  const xml::Element* field = find(name);
  if (field == nullptr) return ids;
  std::string_view text = without_blanks(field->text());
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(blanks), text.size());
    const auto id = group_id_of(text.substr(0, end));
    if (!id || ids.size() == contacts::groups_per_contact_max) {
      fail(id ? Fault::too_many : Fault::malformed, name);
      return ids;
    }
    ids.push_back(*id);
    text = without_blanks(text.substr(end));
  }
  return ids;
}

std::string Fields::optional_xml(std::string_view name, std::size_t bytes_max) {
  const xml::Element* field = find(name);
  if (field == nullptr) return {};
  std::string xml = field->inner_xml();
  if (xml.size() > bytes_max) fail(Fault::too_long, name);
  return xml;
}

const xml::Element* Fields::find(std::string_view name) {
  if (error_) return nullptr;
  if (method_.count(name) > 1) {
    fail(Fault::duplicate, name);
    return nullptr;
  }
  return method_.child(name);
}

const xml::Element* Fields::require(std::string_view name) {
  const xml::Element* field = find(name);
  if (field == nullptr) fail(Fault::missing, name);
  return field;
}

void Fields::fail(Fault fault, std::string_view name) {
  if (!error_) error_ = Error{.fault = fault, .where = name};
}

void begin_method(xml::Writer& out, std::string_view name) {
  out.start(name).attribute("xmlns:m", winrtc_namespace);
}

void write_number(xml::Writer& out, std::string_view name, std::uint32_t number) {
  out.element(name, std::to_string(number));
}

void write_group_ids(xml::Writer& out, std::string_view name,
                     const std::vector<contacts::GroupId>& ids) {
  std::string text;
  for (const contacts::GroupId id : ids) {
    if (!text.empty()) text += ' ';
    text += std::to_string(id.value);
  }
  out.element(name, text);
}

}  // namespace kith::soap
