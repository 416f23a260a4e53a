#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace kith::crypto {

/// Takes as long for equal texts as for texts that differ anywhere; only the lengths may be told
/// apart.
bool constant_time_equal(std::string_view a, std::string_view b);

/// Overwrites the bytes in a way that no compiler leaves out, then empties the string.
void wipe(std::string& text);

/// A password, a verifier or a key. It cannot be printed by accident: it has no stream operator and
/// no formatter, and its log form is three dots. Its memory is overwritten when it ends.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept;
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret() { wipe(text_); }

  /// The secret itself: for computing, never for a log line.
  std::string_view reveal() const { return text_; }
  bool empty() const { return text_.empty(); }

  /// In constant time.
  bool operator==(const Secret& other) const { return constant_time_equal(text_, other.text_); }

 private:
  std::string text_;
};

/// "•••", whatever the secret.
std::string_view to_string(const Secret& secret);

}  // namespace kith::crypto
