#include "kith/contacts/format/roaming.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "kith/base/number.h"
#include "kith/base/overloaded.h"
#include "kith/base/text.h"
#include "kith/xml/parse.h"
#include "kith/xml/writer.h"

namespace kith::contacts::roaming {

namespace {

constexpr std::string_view scheme = "sip:";

bool has_scheme(std::string_view uri, std::string_view wanted) {
  return equal_ignoring_case(uri.substr(0, wanted.size()), wanted);
}

void write_group(xml::Writer& out, std::string_view element, const Group& group) {
  out.start(element)
      .attribute("id", std::to_string(group.id.value))
      .attribute("name", group.name)
      .attribute("externalURI", group.external_uri)
      .end();
}

/// Without the blank at the end that [MS-SIP] §3.7.5.2 shows: the real client reads it as one more,
/// unknown group and shows the contact in "Other Contacts", too.
std::string written(const std::vector<GroupId>& groups) {
  std::string text;
  for (const GroupId id : groups) {
    if (!text.empty()) text += ' ';
    text += std::to_string(id.value);
  }
  return text;
}

void write_contact(xml::Writer& out, std::string_view element, std::string_view uri,
                   const Contact& contact) {
  out.start(element)
      .attribute("uri", uri)
      .attribute("name", contact.name)
      .attribute("groups", written(contact.groups))
      .attribute("subscribed", contact.subscribed ? "true" : "false")
      .attribute("externalURI", contact.external_uri);
  if (!contact.extension.empty()) out.start("contactExtension").raw(contact.extension).end();
  out.end();
}

void write_change(xml::Writer& out, const Change& change) {
  std::visit(
      Overloaded{
          [&](const AddedGroup& added) { write_group(out, "addedGroup", added.group); },
          [&](const ModifiedGroup& modified) { write_group(out, "modifiedGroup", modified.group); },
          [&](const AddedContact& added) {
            write_contact(out, "addedContact", to_lower(added.contact.uri), added.contact);
          },
          [&](const ModifiedContact& modified) {
            write_contact(out, "modifiedContact", to_lower(modified.contact.uri), modified.contact);
          },
          [&](const DeletedGroup& deleted) {
            out.start("deletedGroup").attribute("id", std::to_string(deleted.id.value)).end();
          },
          [&](const DeletedContact& deleted) {
            out.start("deletedContact").attribute("uri", to_lower(deleted.uri)).end();
          },
      },
      change);
}

std::vector<std::string_view> words_of(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  std::vector<std::string_view> words;
  for (std::size_t at = text.find_first_not_of(blanks); at != std::string_view::npos;
       at = text.find_first_not_of(blanks, at)) {
    const std::size_t end = std::min(text.find_first_of(blanks, at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

Result<std::string_view> required(const xml::Element& element, std::string_view name) {
  if (const auto value = element.attribute(name)) return *value;
  return refuse(Fault::missing, name);
}

std::string optional(const xml::Element& element, std::string_view name) {
  return std::string(element.attribute(name).value_or(""));
}

Result<Version> parse_version(const xml::Element& element, std::string_view name) {
  const auto text = required(element, name);
  if (!text) return std::unexpected(text.error());
  const auto number = number_of<std::uint32_t>(*text);
  if (!number || *number == 0) return refuse(Fault::malformed, name);  // SIP-CONT-26
  return Version{*number};
}

Result<GroupId> parse_id(const xml::Element& element) {
  const auto text = required(element, "id");
  if (!text) return std::unexpected(text.error());
  const auto number = number_of<std::uint8_t>(*text);
  if (!number || *number == 0 || GroupId{*number} > last_group_id)
    return refuse(Fault::malformed, "id");
  return GroupId{*number};
}

Result<std::string> parse_uri(const xml::Element& element) {
  const auto text = required(element, "uri");
  if (!text) return std::unexpected(text.error());
  std::string uri(*text);
  if (!has_scheme(uri, scheme) && !has_scheme(uri, "sips:")) uri.insert(0, scheme);
  if (uri.size() > uri_bytes_max) return refuse(Fault::too_long, "uri");
  if (!is_contact_uri(uri)) return refuse(Fault::malformed, "uri");
  return uri;
}

/// Ascending, each once; 0 and nothing are the default group.
Result<std::vector<GroupId>> parse_groups(const xml::Element& element) {
  std::vector<GroupId> groups;
  const std::vector<std::string_view> words = words_of(element.attribute("groups").value_or(""));
  if (words.size() > groups_per_contact_max) return refuse(Fault::too_many, "groups");
  for (const std::string_view word : words) {
    const auto number = number_of<std::uint8_t>(word);
    if (!number) return refuse(Fault::malformed, "groups");
    groups.push_back(*number == 0 ? default_group_id : GroupId{*number});
  }
  if (groups.empty()) groups.push_back(default_group_id);
  std::ranges::sort(groups);
  const auto repeated = std::ranges::unique(groups);
  groups.erase(repeated.begin(), repeated.end());
  return groups;
}

Result<bool> parse_subscribed(const xml::Element& element) {
  const std::string_view text = trim(element.attribute("subscribed").value_or("true"));
  if (text == "true" || text == "1") return true;
  if (text == "false" || text == "0") return false;
  return refuse(Fault::malformed, "subscribed");
}

std::optional<Error> too_long(const std::string& name, const std::string& external_uri) {
  if (name.size() > name_bytes_max) return Error{.fault = Fault::too_long, .where = "name"};
  if (external_uri.size() > external_uri_bytes_max)
    return Error{.fault = Fault::too_long, .where = "externalURI"};
  return std::nullopt;
}

Result<Group> parse_group(const xml::Element& element) {
  const auto id = parse_id(element);
  if (!id) return std::unexpected(id.error());
  const auto name = required(element, "name");
  if (!name) return std::unexpected(name.error());
  Group group{
      .id = *id, .name = std::string(*name), .external_uri = optional(element, "externalURI")};
  if (const auto error = too_long(group.name, group.external_uri)) return std::unexpected(*error);
  return group;
}

Result<Contact> parse_contact(const xml::Element& element) {
  auto uri = parse_uri(element);
  if (!uri) return std::unexpected(uri.error());
  auto groups = parse_groups(element);
  if (!groups) return std::unexpected(groups.error());
  const auto subscribed = parse_subscribed(element);
  if (!subscribed) return std::unexpected(subscribed.error());
  const xml::Element* extension = element.child("contactExtension");
  Contact contact{
      .uri = std::move(*uri),
      .name = optional(element, "name"),
      .groups = std::move(*groups),
      .subscribed = *subscribed,
      .external_uri = optional(element, "externalURI"),
      .extension = extension == nullptr ? std::string() : extension->inner_xml(),
  };
  if (const auto error = too_long(contact.name, contact.external_uri))
    return std::unexpected(*error);
  if (contact.extension.size() > extension_bytes_max)
    return refuse(Fault::too_long, "contactExtension");
  return contact;
}

template <class Kind, class Value>
Result<std::optional<Change>> as(Result<Value> value) {
  if (!value) return std::unexpected(value.error());
  return Change{Kind{std::move(*value)}};
}

/// Nothing for an element that is none of the six.
Result<std::optional<Change>> parse_change(const xml::Element& element) {
  const std::string& kind = element.local();
  if (kind == "addedGroup") return as<AddedGroup>(parse_group(element));
  if (kind == "modifiedGroup") return as<ModifiedGroup>(parse_group(element));
  if (kind == "addedContact") return as<AddedContact>(parse_contact(element));
  if (kind == "modifiedContact") return as<ModifiedContact>(parse_contact(element));
  if (kind == "deletedGroup") return as<DeletedGroup>(parse_id(element));
  if (kind == "deletedContact") return as<DeletedContact>(parse_uri(element));
  return std::nullopt;
}

/// Clients take a group that the list does not have for the default group.
void keep_known(std::vector<GroupId>& ids, const std::vector<Group>& groups) {
  std::erase_if(ids, [&](GroupId id) {
    return id != default_group_id && std::ranges::find(groups, id, &Group::id) == groups.end();
  });
  if (ids.empty()) ids.push_back(default_group_id);
}

Result<List> read_list(const xml::Element& root) {
  const auto version = parse_version(root, "deltaNum");
  if (!version) return std::unexpected(version.error());
  std::vector<Group> groups;
  std::vector<Contact> contacts;
  for (const xml::Element& child : root.children()) {
    if (child.local() == "group") {
      auto group = parse_group(child);
      if (!group) return std::unexpected(group.error());
      groups.push_back(std::move(*group));
    } else if (child.local() == "contact") {
      auto contact = parse_contact(child);
      if (!contact) return std::unexpected(contact.error());
      contacts.push_back(std::move(*contact));
    }
  }
  for (Contact& contact : contacts) keep_known(contact.groups, groups);
  auto list = List::make(*version, std::move(groups), std::move(contacts));
  if (list) return std::move(*list);
  return refuse(list.error() == Refusal::already_there ? Fault::duplicate : Fault::malformed,
                "contactList");
}

Result<Delta> read_delta(const xml::Element& root) {
  const auto to = parse_version(root, "deltaNum");
  if (!to) return std::unexpected(to.error());
  const auto from = parse_version(root, "prevDeltaNum");
  if (!from) return std::unexpected(from.error());
  Delta delta{.from = *from, .to = *to, .changes = {}};
  for (const xml::Element& child : root.children()) {
    auto change = parse_change(child);
    if (!change) return std::unexpected(change.error());
    if (*change) delta.changes.push_back(std::move(**change));
  }
  return delta;
}

template <class Wanted>
Result<Wanted> only(Result<Document> document) {
  if (!document) return std::unexpected(document.error());
  if (Wanted* wanted = std::get_if<Wanted>(&*document)) return std::move(*wanted);
  return refuse(Fault::unsupported, "document");
}

}  // namespace

std::string write(const List& list) {
  xml::Writer out;
  out.start("contactList").attribute("deltaNum", std::to_string(list.version().value));
  for (const Group& group : list.groups()) write_group(out, "group", group);
  for (const Contact& contact : list.contacts()) {
    std::string_view uri = contact.uri;
    if (has_scheme(uri, scheme)) uri.remove_prefix(scheme.size());
    write_contact(out, "contact", uri, contact);
  }
  out.end();
  return out.take();
}

std::string write(const Delta& delta) {
  xml::Writer out;
  out.start("contactDelta")
      .attribute("deltaNum", std::to_string(delta.to.value))
      .attribute("prevDeltaNum", std::to_string(delta.from.value));
  for (const Change& change : delta.changes) write_change(out, change);
  out.end();
  return out.take();
}

Result<Document> parse(std::string_view document) {
  const auto root = xml::parse(document, roaming_document);
  if (!root) return std::unexpected(root.error());
  if (root->local() == "contactList") {
    auto list = read_list(*root);
    if (!list) return std::unexpected(list.error());
    return Document{std::move(*list)};
  }
  if (root->local() == "contactDelta") {
    auto delta = read_delta(*root);
    if (!delta) return std::unexpected(delta.error());
    return Document{std::move(*delta)};
  }
  return refuse(Fault::unsupported, "document");
}

Result<List> parse_list(std::string_view document) { return only<List>(parse(document)); }

Result<Delta> parse_delta(std::string_view document) { return only<Delta>(parse(document)); }

}  // namespace kith::contacts::roaming
