#include "server/admin/json.h"

#include <boost/json/src.hpp>

#include "kith/base/overloaded.h"

namespace kith::admin::json {

namespace {

namespace bj = boost::json;

bj::value theirs(const Value& value) {
  return std::visit(Overloaded{
                        [](std::nullptr_t) { return bj::value(nullptr); },
                        [](bool flag) { return bj::value(flag); },
                        [](std::int64_t number) { return bj::value(number); },
                        [](const std::string& text) {
                          return bj::value(bj::string_view(text.data(), text.size()));
                        },
                        [](const Array& array) {
                          bj::array all;
                          for (const Value& each : array) all.push_back(theirs(each));
                          return bj::value(std::move(all));
                        },
                        [](const Object& object) {
                          bj::object all;
                          for (const auto& [name, each] : object) all[name] = theirs(each);
                          return bj::value(std::move(all));
                        },
                    },
                    value.data);
}

std::optional<Value> ours(const bj::value& value) {
  if (value.is_null()) return Value();
  if (value.is_bool()) return Value(value.get_bool());
  if (value.is_int64()) return Value(value.get_int64());
  if (value.is_string())
    return Value(std::string(value.get_string().data(), value.get_string().size()));
  if (value.is_array()) {
    Array all;
    for (const bj::value& each : value.get_array()) {
      std::optional<Value> one = ours(each);
      if (!one) return std::nullopt;
      all.push_back(*std::move(one));
    }
    return Value(std::move(all));
  }
  if (!value.is_object()) return std::nullopt;  // fractions and numbers of more than 63 bits
  Object all;
  for (const auto& [name, each] : value.get_object()) {
    std::optional<Value> one = ours(each);
    if (!one) return std::nullopt;
    all.emplace_back(std::string(name.data(), name.size()), *std::move(one));
  }
  return Value(std::move(all));
}

}  // namespace

const Value* Value::find(std::string_view member) const {
  const Object* const object = std::get_if<Object>(&data);
  if (object == nullptr) return nullptr;
  for (const auto& [name, value] : *object)
    if (name == member) return &value;
  return nullptr;
}

std::string Value::text(std::string_view member) const {
  const Value* const value = find(member);
  const std::string* const text =
      value != nullptr ? std::get_if<std::string>(&value->data) : nullptr;
  return text != nullptr ? *text : std::string();
}

std::int64_t Value::number(std::string_view member) const {
  const Value* const value = find(member);
  const std::int64_t* const number =
      value != nullptr ? std::get_if<std::int64_t>(&value->data) : nullptr;
  return number != nullptr ? *number : 0;
}

Value texts(const std::vector<std::string>& all) {
  Array array;
  for (const std::string& each : all) array.emplace_back(each);
  return Value(std::move(array));
}

std::optional<Value> parse(std::string_view text) {
  bj::error_code error;
  const bj::value value = bj::parse(bj::string_view(text.data(), text.size()), error);
  if (error) return std::nullopt;
  return ours(value);
}

std::string write(const Value& value) { return bj::serialize(theirs(value)); }

}  // namespace kith::admin::json
