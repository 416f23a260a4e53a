#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace kith {

/// Text put together from left to right: `out << "Expires: " << seconds`. Either owns its text, or
/// appends to a string that outlives it.
class Writer {
 public:
  Writer() : out_(&own_) {}
  explicit Writer(std::string& out) : out_(&out) {}
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  Writer& operator<<(std::string_view text) {
    out_->append(text);
    return *this;
  }
  Writer& operator<<(const char* text) { return *this << std::string_view{text}; }
  Writer& operator<<(char c) {
    out_->push_back(c);
    return *this;
  }
  template <std::unsigned_integral Number>
    requires(!std::same_as<Number, bool>)
  Writer& operator<<(Number number) {
    decimal(number);
    return *this;
  }
  /// A quoted-string: the quotes, and a backslash before what needs one. Line ends become blanks.
  Writer& quoted(std::string_view text);

  std::string take() { return std::exchange(*out_, {}); }

 private:
  void decimal(std::uint64_t number);

  std::string own_;
  std::string* out_;
};

/// What `thing.write(out)` puts down, as a string.
template <class T>
std::string written(const T& thing) {
  Writer out;
  thing.write(out);
  return out.take();
}

}  // namespace kith
