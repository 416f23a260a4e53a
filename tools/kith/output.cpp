#include "tools/kith/output.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "kith/base/overloaded.h"
#include "tools/kith/group_names.h"

namespace kith::tool {

namespace {

using contacts::Contact;
using contacts::Group;
using contacts::List;

std::string json(const Group& group) {
  return fmt::format(R"({{"id":{},"name":{}}})", group.id.value, quoted(group.name));
}

std::string json(const Contact& contact) {
  std::string groups;
  for (const contacts::GroupId id : contact.groups)
    groups += (groups.empty() ? "" : ",") + std::to_string(id.value);
  return fmt::format(R"({{"uri":{},"name":{},"groups":[{}],"subscribed":{}}})", quoted(contact.uri),
                     quoted(contact.name), groups, contact.subscribed);
}

template <class Things>
std::string array(const Things& things) {
  std::string text;
  for (const auto& thing : things) text += (text.empty() ? "" : ",") + json(thing);
  return "[" + text + "]";
}

std::string count(std::size_t number, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", number, number == 1 ? one : many);
}

std::int64_t whole_seconds(Duration duration) {
  return std::chrono::duration_cast<std::chrono::seconds>(duration).count();
}

}  // namespace

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      out.append(1, '\\').append(1, c);
    else if (static_cast<unsigned char>(c) < 0x20)
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    else
      out += c;
  }
  return out + '"';
}

std::string contact_text(const Contact& contact, const List& list) {
  std::string groups;
  for (const contacts::GroupId id : contact.groups) {
    if (!groups.empty()) groups += ", ";
    const Group* group = list.group(id);
    groups += group != nullptr ? group_name(*group) : "#" + std::to_string(id.value);
  }
  return fmt::format("{}  {}  [{}]", contact.uri, contact.name.empty() ? "-" : contact.name,
                     groups);
}

std::string contacts_text(const List& list, std::string_view user) {
  std::string text = fmt::format(
      "{}: {} in {}, version {}\n", user, count(list.contacts().size(), "contact", "contacts"),
      count(list.groups().size(), "group", "groups"), list.version().value);
  for (const Contact& contact : list.contacts()) text += "  " + contact_text(contact, list) + "\n";
  return text;
}

std::string groups_text(const List& list) {
  std::string text;
  for (const Group& group : list.groups()) {
    std::size_t members = 0;
    for (const Contact& contact : list.contacts())
      members += std::ranges::find(contact.groups, group.id) != contact.groups.end() ? 1U : 0U;
    text += fmt::format("#{}  {}  {}\n", group.id.value, group_name(group),
                        count(members, "contact", "contacts"));
  }
  return text;
}

std::string delta_text(const contacts::Delta& delta, const List& after) {
  std::string text;
  for (const contacts::Change& change : delta.changes) {
    text += fmt::format("version {}: ", delta.to.value);
    text += std::visit(
        Overloaded{
            [](const contacts::AddedGroup& c) {
              return fmt::format("group added  #{}  {}", c.group.id.value, c.group.name);
            },
            [](const contacts::ModifiedGroup& c) {
              return fmt::format("group changed  #{}  {}", c.group.id.value, c.group.name);
            },
            [](const contacts::DeletedGroup& c) {
              return fmt::format("group removed  #{}", c.id.value);
            },
            [&](const contacts::AddedContact& c) {
              return "contact added  " + contact_text(c.contact, after);
            },
            [&](const contacts::ModifiedContact& c) {
              return "contact changed  " + contact_text(c.contact, after);
            },
            [](const contacts::DeletedContact& c) { return "contact removed  " + c.uri; },
        },
        change);
    text += '\n';
  }
  return text;
}

std::string list_json(const List& list) {
  return fmt::format(R"({{"version":{},"groups":{},"contacts":{}}})", list.version().value,
                     array(list.groups()), array(list.contacts()));
}

std::string delta_json(const contacts::Delta& delta) {
  std::string changes;
  for (const contacts::Change& change : delta.changes) {
    if (!changes.empty()) changes += ',';
    changes += std::visit(
        Overloaded{
            [](const contacts::AddedGroup& c) { return R"({"addedGroup":)" + json(c.group) + "}"; },
            [](const contacts::ModifiedGroup& c) {
              return R"({"modifiedGroup":)" + json(c.group) + "}";
            },
            [](const contacts::DeletedGroup& c) {
              return fmt::format(R"({{"deletedGroup":{}}})", c.id.value);
            },
            [](const contacts::AddedContact& c) {
              return R"({"addedContact":)" + json(c.contact) + "}";
            },
            [](const contacts::ModifiedContact& c) {
              return R"({"modifiedContact":)" + json(c.contact) + "}";
            },
            [](const contacts::DeletedContact& c) {
              return R"({"deletedContact":)" + quoted(c.uri) + "}";
            },
        },
        change);
  }
  return fmt::format(R"({{"from":{},"version":{},"changes":[{}]}})", delta.from.value,
                     delta.to.value, changes);
}

std::string signed_in_json(const client::SignedIn& signed_in, const client::Settings& settings) {
  std::string events;
  for (const std::string& event : signed_in.granted.events)
    events += (events.empty() ? "" : ",") + quoted(event);
  const auto keep_alive = signed_in.granted.keep_alive;
  return fmt::format(
      R"({{"user":{},"epid":{},"scheme":{},"expires":{},"keepAlive":{},"events":[{}]}})",
      quoted(settings.user.to_string()), quoted(settings.epid), quoted(signed_in.scheme),
      whole_seconds(signed_in.granted.expires),
      keep_alive ? std::to_string(whole_seconds(*keep_alive)) : "null", events);
}

std::string signed_in_text(const client::SignedIn& signed_in, const client::Settings& settings) {
  std::string text = fmt::format("signed in as {} with {}, device {}\nregistered for {} s\n",
                                 settings.user.to_string(),
                                 signed_in.scheme.empty() ? "no password" : signed_in.scheme,
                                 settings.epid, whole_seconds(signed_in.granted.expires));
  if (signed_in.granted.keep_alive)
    text += fmt::format("keep-alive every {} s\n", whole_seconds(*signed_in.granted.keep_alive));
  text += "events:";
  for (const std::string& event : signed_in.granted.events) text += " " + event;
  return text + "\n";
}

}  // namespace kith::tool
