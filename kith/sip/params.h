#pragma once

#include <cstddef>
#include <cstring>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "kith/base/scanner.h"
#include "kith/base/text.h"
#include "kith/base/writer.h"
#include "kith/sip/own.h"

namespace kith::sip {

/// One parameter. The value is without its quotes, its escapes as they are on the wire; it is
/// empty for a flag.
struct Param {
  std::string_view name;
  std::string_view value;
  bool quoted = false;

  bool operator==(const Param&) const = default;
};

/// Takes the first parameter off the text, or nothing if there is none left.
std::optional<Param> take_param(std::string_view& text, char separator);
/// The value of the first parameter of that name in any case; "" for a flag.
std::optional<std::string_view> find_param(std::string_view text, char separator,
                                           std::string_view name);

/// The value that the text begins with, up to a separator or a blank; it is not in quotes.
std::string_view unquoted_value(std::string_view text, char separator);

/// Parameters in the order and the case in which they came. The view is the text of the message,
/// known to be well-formed; the value is the same text without needless blanks. So both are one
/// string, and looking for a name walks along it.
/// Header and URI parameters (separator ';'): *( SEMI name [ EQUAL value ] ); RFC 3261 §25.1
/// Credentials and challenges (separator ','): name EQUAL value *( COMMA name EQUAL value )
template <class Text, char Separator>
class BasicParams {
 public:
  using View = BasicParams<std::string_view, Separator>;
  using Value = BasicParams<std::string, Separator>;

  class Iterator {
   public:
    using value_type = Param;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::input_iterator_tag;
    using pointer = const Param*;
    using reference = const Param&;

    Iterator() = default;
    explicit Iterator(std::string_view text) : rest_(text) { ++*this; }
    const Param& operator*() const { return *param_; }
    const Param* operator->() const { return &*param_; }
    Iterator& operator++() {
      param_ = take_param(rest_, Separator);
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(std::default_sentinel_t) const { return !param_; }

   private:
    std::string_view rest_;
    std::optional<Param> param_;
  };

  BasicParams() = default;
  /// For parsers: text that follows the grammar.
  static BasicParams of(Text text) {
    BasicParams params;
    params.text_ = std::move(text);
    return params;
  }

  Iterator begin() const { return Iterator{text_}; }
  std::default_sentinel_t end() const { return {}; }
  bool empty() const { return text_.empty(); }

  /// The value of the first parameter of that name in any case; "" for a flag.
  [[gnu::always_inline]] std::optional<std::string_view> find(std::string_view name) const {
    const std::string_view text{text_};
    if (text.empty()) return std::nullopt;
    const std::size_t value = name.size() + 2;
    // Most often it is the first one that is asked for, as it is written.
    if (text.size() > value && text[value - 1] == '=' && text[value] > ' ' && text[value] != '"' &&
        text[0] == Separator && std::memcmp(text.data() + 1, name.data(), name.size()) == 0)
      return unquoted_value(text.substr(value), Separator);
    return find_param(text, Separator, name);
  }
  bool has(std::string_view name) const { return find(name).has_value(); }

  /// Adds the parameter or changes it in its place. An empty value makes a flag; a value that
  /// cannot stand bare is quoted.
  void set(std::string_view name, std::string_view value = {})
    requires Owning<Text>;
  /// The same, always in quotes; `value` is taken literally and escaped where it must be.
  void set_quoted(std::string_view name, std::string_view value)
    requires Owning<Text>;
  void remove(std::string_view name)
    requires Owning<Text>;

  /// Without needless blanks: ";a=1;b" or "a=1, b=2".
  void write(Writer& out) const;

  friend Value own(const BasicParams& params)
    requires(!Owning<Text>)
  {
    return Value::of(params.text_.empty() ? std::string{} : written(params));
  }

  operator View() const
    requires Owning<Text>
  {
    return View::of(text_);
  }

  /// The same parameters, in the same order and spelling.
  bool operator==(const BasicParams& other) const;

 private:
  friend class BasicParams<std::string, Separator>;

  void put(std::string_view name, std::string_view element)
    requires Owning<Text>;

  Text text_{};
};

using ParamsView = BasicParams<std::string_view, ';'>;
using Params = BasicParams<std::string, ';'>;
using AuthParamsView = BasicParams<std::string_view, ','>;
using AuthParams = BasicParams<std::string, ','>;

/// *( SEMI generic-param ), perhaps none: RFC 3261 §25.1
bool read(Scanner& in, ParamsView& params);
/// auth-param *( COMMA auth-param ), at least one: RFC 3261 §25.1
bool read(Scanner& in, AuthParamsView& params);

/// The whole text as a 32-bit count of seconds; nothing for anything else.
std::optional<std::uint32_t> seconds(std::optional<std::string_view> text);

/// The same parameters in any order: names and tokens without regard to case, what stands in quotes
/// with it, escapes undone; RFC 3261 §7.3.1. Of a name given twice the first counts.
bool equivalent(const ParamsView& a, const ParamsView& b);
/// The same for those that are in both; others are ignored. Not transitive.
bool shared_equivalent(const ParamsView& a, const ParamsView& b);

}  // namespace kith::sip
