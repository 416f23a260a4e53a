#include "server/log/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "server/log/rate_limit.h"

namespace kith::log {

namespace {

Format format_in_use = Format::logfmt;

spdlog::logger& logger() {
  static spdlog::logger instance("kith", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  return instance;
}

spdlog::level::level_enum of(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warning:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

std::string_view word(Level level) {
  switch (level) {
    case Level::debug:
      return "debug";
    case Level::info:
      return "info";
    case Level::warning:
      return "warning";
    case Level::error:
      return "error";
  }
  return "info";
}

/// Between quotes, for logfmt and JSON alike: what a peer sent cannot end the line or the field.
void append_quoted(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\u00";
      out += digits[byte >> 4U];
      out += digits[byte & 15U];
    } else {
      out += c;
    }
  }
  out += '"';
}

void append_logfmt(std::string& out, std::string_view name, std::string_view value) {
  const bool bare = !value.empty() && value.find_first_of(" \"=\\") == std::string_view::npos &&
                    value.find_first_of("\r\n\t") == std::string_view::npos;
  out.append(" ").append(name).append("=");
  if (bare)
    out.append(value);
  else
    append_quoted(out, value);
}

void append_json(std::string& out, std::string_view name, std::string_view value) {
  out += ",";
  append_quoted(out, name);
  out += ":";
  append_quoted(out, value);
}

void put(Level level, std::string_view event, std::initializer_list<Field> fields) {
  const auto append = format_in_use == Format::json ? append_json : append_logfmt;
  std::string line;
  append(line, "level", word(level));
  append(line, "event", event);
  for (const Field& field : fields)
    if (!field.value.empty()) append(line, field.name, field.value);
  logger().log(of(level), "{}", line);
}

struct Admission {
  bool granted = true;
  std::vector<RateLimit::HeldBack> held_back;  // before this line, to be said first
};

Admission admit(std::string_view event) {
  static std::mutex mutex;
  static RateLimit limit;
  const Time now{std::chrono::steady_clock::now().time_since_epoch()};
  const std::scoped_lock lock(mutex);
  std::vector<RateLimit::HeldBack> held_back = limit.over(now);
  return {.granted = limit.admit(event, now), .held_back = std::move(held_back)};
}

}  // namespace

void open(Format format, Level lowest) {
  format_in_use = format;
  logger().set_level(of(lowest));
  logger().flush_on(spdlog::level::debug);
  logger().set_pattern(format == Format::json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ"%v})"
                                              : "time=%Y-%m-%dT%H:%M:%S.%eZ%v",
                       spdlog::pattern_time_type::utc);
}

void write(Level level, std::string_view event, std::initializer_list<Field> fields) {
  if (!logger().should_log(of(level))) return;
  const Admission admission = admit(event);
  for (const RateLimit::HeldBack& each : admission.held_back)
    put(Level::warning, "lines held back",
        {{"of", std::string(each.event)}, {"lines", std::to_string(each.lines)}});
  if (admission.granted) put(level, event, fields);
}

}  // namespace kith::log
