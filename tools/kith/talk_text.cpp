#include "tools/kith/talk_text.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <memory>

#include "kith/base/utf8.h"
#include "tools/kith/output.h"
#include "tools/kith/shown.h"
#include "tools/kith/trace.h"

namespace kith::tool {

namespace {

/// What a program that is talked to says of itself and of what it can do.
constexpr auto told_headers = std::to_array<std::string_view>(
    {"Server", "User-Agent", "Allow", "Accept", "Supported", "Allow-Events", "Warning", "Reason",
     "Retry-After", "Contact"});

double milliseconds(Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

std::string values_of(const sip::Message& message, std::string_view name) {
  std::string all;
  for (const std::string_view value : message.texts(name))
    all.append(all.empty() ? "" : ", ").append(value);
  return all;
}

}  // namespace

Maybe<sip::Uri> uri_of(const std::string& text, std::string_view option) {
  const std::string_view scheme = std::string_view{text}.substr(0, text.find(':'));
  const bool has_scheme = scheme == "sip" || scheme == "sips" || scheme == "tel";
  Result<sip::Uri> uri = sip::Uri::parse(has_scheme ? text : "sip:" + text, Mode::strict);
  if (!uri || !uri->is_sip())
    return fail(Exit::usage,
                fmt::format("{}: {} is no URI like sip:bob@example.com", option, text));
  return *std::move(uri);
}

Maybe<Address> local_address_of(const std::string& text) {
  std::optional<Address> address = address_of(text);
  if (!address) address = Address::parse_host(text, 0);
  if (!address) return fail(Exit::usage, "--local " + text + " is no address like 192.0.2.1:5060");
  return *address;
}

Maybe<std::string> content_of(const std::string& file) {
  constexpr std::size_t size_max = 1024 * 1024;
  const auto close = [](std::FILE* open) {
    if (open != stdin) std::fclose(open);
  };
  const std::unique_ptr<std::FILE, decltype(close)> in(
      file == "-" ? stdin : std::fopen(file.c_str(), "rb"), close);
  std::string content;
  std::array<char, 16 * 1024> chunk;
  while (in && content.size() <= size_max) {
    const std::size_t size = std::fread(chunk.data(), 1, chunk.size(), in.get());
    content.append(chunk.data(), size);
    if (size < chunk.size()) break;
  }
  if (!in || std::ferror(in.get()) != 0)
    return fail(Exit::usage, file + ": " + std::strerror(errno));
  if (content.size() > size_max)
    return fail(Exit::usage, fmt::format("{}: more than {} bytes", file, size_max));
  return content;
}

void put_body(sip::Message& message, std::string_view type, const std::string& body) {
  if (!body.empty()) message.set_body(type, body);
}

void say(const Options& options, const std::string& text, const std::string& members) {
  if (options.json)
    std::cout << "{" << members << "}\n" << std::flush;
  else
    std::cout << text << std::flush;
}

std::string json_text(std::string_view bytes) {
  std::string valid;
  while (!bytes.empty()) {
    const std::size_t size = utf8_front(bytes);
    valid += size == 0 ? std::string_view{"\xef\xbf\xbd"} : bytes.substr(0, size);
    bytes.remove_prefix(size == 0 ? 1 : size);
  }
  return quoted(valid);
}

std::string status_text(const sip::Message& response) {
  return fmt::format("{} {}", response.status(), shown(response.reason()));
}

std::string place_text(const Flow& flow) {
  return fmt::format("{} over {}", flow.remote.text(), to_string(flow.transport));
}

std::string answer_json(const Answered& answered) {
  std::string members = fmt::format(
      R"("status":{},"reason":{},"from":"{}","transport":"{}","milliseconds":{:.3f})",
      answered.message.status(), json_text(answered.message.reason()), answered.flow.remote.text(),
      to_string(answered.flow.transport), milliseconds(answered.took));
  for (const std::string_view name : told_headers)
    if (answered.message.has(name))
      members += fmt::format(",{}:{}", quoted(name), json_text(values_of(answered.message, name)));
  if (!answered.message.body().empty())
    members += R"(,"body":)" + json_text(answered.message.body());
  if (!answered.hint.empty()) members += R"(,"hint":)" + json_text(answered.hint);
  return members;
}

Exit tell(const Options& options, const Answered& answered) {
  std::string text = fmt::format("{} from {} in {:.1f} ms\n", status_text(answered.message),
                                 place_text(answered.flow), milliseconds(answered.took));
  for (const std::string_view name : told_headers)
    if (answered.message.has(name))
      text += fmt::format("  {}: {}\n", name, shown(values_of(answered.message, name)));
  say(options, text, answer_json(answered));
  if (!answered.hint.empty()) std::cerr << "kith: " << answered.hint << "\n";
  return answered.success() ? Exit::done : Exit::refused;
}

Exit tell(const Options& options, const Failure& failure) {
  std::cerr << "kith: " << failure.sentence << "\n";
  if (options.json) std::cout << R"({"error":)" << json_text(failure.sentence) << "}\n";
  return failure.exit;
}

}  // namespace kith::tool
