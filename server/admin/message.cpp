#include "server/admin/message.h"

#include <utility>

namespace kith::admin {

Answer say(Code code, std::string sentence) {
  json::Object result;
  result.emplace_back(code == Code::done ? "done" : "error", sentence);
  return {.code = code, .text = std::move(sentence), .result = std::move(result)};
}

std::string write(const Request& request) {
  json::Object object{{"command", request.command}};
  if (!request.user.empty()) object.emplace_back("user", request.user);
  if (!request.name.empty()) object.emplace_back("name", request.name);
  if (!request.file.empty()) object.emplace_back("file", request.file);
  if (!request.principals.empty())
    object.emplace_back("principals", json::texts(request.principals));
  if (request.password) object.emplace_back("password", request.password->reveal());
  return json::write(std::move(object));
}

std::string write(const Answer& answer) {
  return json::write(json::Object{{"code", json::count(static_cast<std::uint64_t>(answer.code))},
                                  {"text", answer.text},
                                  {"result", answer.result}});
}

std::optional<Request> parse_request(std::string_view line) {
  std::optional<json::Value> value = json::parse(line);
  json::Object* const object = value ? std::get_if<json::Object>(&value->data) : nullptr;
  if (object == nullptr) return std::nullopt;
  Request request;
  for (auto& [name, each] : *object) {
    std::string* const text = std::get_if<std::string>(&each.data);
    const json::Array* const array = std::get_if<json::Array>(&each.data);
    if (text != nullptr && name == "command") {
      request.command = std::move(*text);
    } else if (text != nullptr && name == "user") {
      request.user = std::move(*text);
    } else if (text != nullptr && name == "name") {
      request.name = std::move(*text);
    } else if (text != nullptr && name == "file") {
      request.file = std::move(*text);
    } else if (text != nullptr && name == "password") {
      request.password = crypto::Secret(*text);
      crypto::wipe(*text);
    } else if (array != nullptr && name == "principals") {
      for (const json::Value& principal : *array) {
        const std::string* const one = std::get_if<std::string>(&principal.data);
        if (one == nullptr) return std::nullopt;
        request.principals.push_back(*one);
      }
    } else {
      return std::nullopt;
    }
  }
  if (request.command.empty()) return std::nullopt;
  return request;
}

std::optional<Answer> parse_answer(std::string_view line) {
  const std::optional<json::Value> value = json::parse(line);
  if (!value || value->find("code") == nullptr || value->find("result") == nullptr)
    return std::nullopt;
  const std::int64_t code = value->number("code");
  if (code < 0 || code > static_cast<std::int64_t>(Code::failed)) return std::nullopt;
  return Answer{.code = static_cast<Code>(code),
                .text = value->text("text"),
                .result = *value->find("result")};
}

}  // namespace kith::admin
