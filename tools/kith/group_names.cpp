#include "tools/kith/group_names.h"

#include <charconv>

#include "kith/base/text.h"

namespace kith::tool {

namespace {

using contacts::Group;
using contacts::GroupId;
using contacts::List;

std::string number_of(GroupId id) { return "#" + std::to_string(id.value); }

std::vector<GroupId> all_called(const std::string& name, const List& list) {
  std::vector<GroupId> ids;
  for (const Group& group : list.groups())
    if (group.name == name || group_name(group) == name) ids.push_back(group.id);
  return ids;
}

/// One word of a shell.
std::string word(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

Maybe<GroupId> group_numbered(const std::string& name, const List& list) {
  std::uint8_t id = 0;
  const auto [end, error] = std::from_chars(name.data() + 1, name.data() + name.size(), id);
  if (error != std::errc{} || end != name.data() + name.size() ||
      list.group(GroupId{id}) == nullptr)
    return fail(Exit::refused, "there is no group " + name + "; `kith groups list` shows them");
  return GroupId{id};
}

}  // namespace

std::string group_name(const Group& group) {
  return group.id == contacts::default_group_id && group.name == contacts::default_group_name
             ? "(no group)"
             : group.name;
}

Maybe<GroupId> group_of(const std::string& name, const List& list) {
  if (name.starts_with('#')) return group_numbered(name, list);
  const std::vector<GroupId> found = all_called(name, list);
  if (found.size() == 1) return found.front();
  if (found.empty())
    return fail(Exit::refused, "there is no group " + name +
                                   "; `kith groups list` shows them, `kith groups add " +
                                   word(name) + "` makes it");
  std::string numbers;
  for (const GroupId id : found) numbers += (numbers.empty() ? "'" : ", '") + number_of(id) + "'";
  return fail(Exit::refused, std::to_string(found.size()) + " groups are called " + name +
                                 "; give the number of one of them: " + numbers);
}

Maybe<std::vector<GroupId>> groups_of(const std::vector<std::string>& names, const List& list) {
  std::vector<GroupId> ids;
  for (const std::string& name : names) {
    const Maybe<GroupId> id = group_of(name, list);
    if (!id) return std::unexpected(id.error());
    ids.push_back(*id);
  }
  return ids;
}

Maybe<void> may_be_called(const std::string& name, const List& list, GroupId self) {
  if (trim(name).empty()) return fail(Exit::usage, "a group needs a name that can be seen");
  if (name.starts_with('#'))
    return fail(Exit::usage,
                "the name " + name + " would be taken for the number of a group; choose another");
  for (const GroupId id : all_called(name, list))
    if (id != self)
      return fail(Exit::refused, "there is a group " + name + " already, " + number_of(id));
  return {};
}

}  // namespace kith::tool
