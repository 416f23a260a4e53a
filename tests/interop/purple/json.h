#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Writes a JSON string, quotes included. Text that is not UTF-8 is passed on as it is.
std::string json_string(std::string_view text);

/// [a,b,…]; every item is JSON already.
std::string json_array(const std::vector<std::string>& items);

/// {"name":value,…}; every value is JSON already.
std::string json_object(const std::vector<std::pair<std::string_view, std::string>>& members);
