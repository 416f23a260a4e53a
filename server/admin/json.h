#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// The little JSON that administration needs: what goes over the socket, and what --json prints.
namespace kith::admin::json {

struct Value;
using Array = std::vector<Value>;
using Object = std::vector<std::pair<std::string, Value>>;  // in the order of writing

struct Value {
  std::variant<std::nullptr_t, bool, std::int64_t, std::string, Array, Object> data = nullptr;

  Value() = default;
  Value(bool flag) : data(flag) {}                           // NOLINT: literals read well
  Value(std::int64_t number) : data(number) {}               // NOLINT
  Value(std::string text) : data(std::move(text)) {}         // NOLINT
  Value(std::string_view text) : data(std::string(text)) {}  // NOLINT
  Value(const char* text) : data(std::string(text)) {}       // NOLINT
  Value(Array array) : data(std::move(array)) {}             // NOLINT
  Value(Object object) : data(std::move(object)) {}          // NOLINT

  /// Nothing if this is no object or has no such member.
  const Value* find(std::string_view member) const;
  /// The member's text, or what stands for it being absent or of another type.
  std::string text(std::string_view member) const;
  std::int64_t number(std::string_view member) const;

  bool operator==(const Value&) const = default;
};

inline Value count(std::uint64_t number) { return Value(static_cast<std::int64_t>(number)); }
Value texts(const std::vector<std::string>& all);

/// One value and nothing behind it; depth 32 at most. Numbers are whole.
std::optional<Value> parse(std::string_view text);

/// On one line.
std::string write(const Value& value);

}  // namespace kith::admin::json
