#pragma once

#include <string>
#include <vector>

#include "kith/contacts/list.h"
#include "tools/kith/options.h"

/// Groups as people name them: by what is shown, or as "#2".
namespace kith::tool {

/// What is shown: "(no group)" for group 1 as the server made it.
std::string group_name(const contacts::Group& group);

/// The group of that name or number; refused if there is none, or if several have the name.
Maybe<contacts::GroupId> group_of(const std::string& name, const contacts::List& list);
Maybe<std::vector<contacts::GroupId>> groups_of(const std::vector<std::string>& names,
                                                const contacts::List& list);

/// Whether a group, `self` or a new one, may be given this name here: on the list names are no
/// keys, but at a terminal there is nothing else to tell groups by.
Maybe<void> may_be_called(const std::string& name, const contacts::List& list,
                          contacts::GroupId self = {});

}  // namespace kith::tool
