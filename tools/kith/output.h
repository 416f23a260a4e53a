#pragma once

#include <string>
#include <string_view>

#include "kith/client/session.h"
#include "tools/kith/options.h"

/// What people and programs read.
namespace kith::tool {

/// A JSON string, quotes included.
std::string quoted(std::string_view text);

std::string contact_text(const contacts::Contact& contact, const contacts::List& list);
std::string contacts_text(const contacts::List& list, std::string_view user);
std::string groups_text(const contacts::List& list);
/// A line for each change.
std::string delta_text(const contacts::Delta& delta, const contacts::List& after);

/// Each one line, without its end.
std::string list_json(const contacts::List& list);
std::string delta_json(const contacts::Delta& delta);
std::string signed_in_json(const client::SignedIn& signed_in, const client::Settings& settings);
std::string signed_in_text(const client::SignedIn& signed_in, const client::Settings& settings);

}  // namespace kith::tool
