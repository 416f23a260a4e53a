#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

/// Lines for the operator, on stderr: logfmt or JSON. From any thread.
namespace kith::log {

enum class Level { debug, info, warning, error };
enum class Format { logfmt, json };

/// Never a secret: what has one has no text to put here.
struct Field {
  std::string_view name;
  std::string value;
};

/// Before the first line; info and logfmt otherwise.
void open(Format format, Level lowest);

/// A field without value is left out. The event, of static storage, names the kind of line: of one
/// kind limits.h says how many a second are written. How many were not is said before the first
/// line, of any kind, that follows.
void write(Level level, std::string_view event, std::initializer_list<Field> fields = {});

}  // namespace kith::log
