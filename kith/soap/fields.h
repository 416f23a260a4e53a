#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kith/base/result.h"
#include "kith/contacts/contact.h"
#include "kith/xml/element.h"
#include "kith/xml/writer.h"

namespace kith::soap {

/// The children of a method element, by local name and in any order; those that nobody asks for are
/// passed over. After the first fault every read gives an empty value, and result() the fault.
class Fields {
 public:
  explicit Fields(const xml::Element& method) : method_(method) {}

  std::string text(std::string_view name, std::size_t bytes_max);
  std::string optional_text(std::string_view name, std::size_t bytes_max);
  bool boolean(std::string_view name);
  std::string contact_uri(std::string_view name);
  contacts::Version version(std::string_view name);
  contacts::GroupId group_id(std::string_view name);
  /// Blank-separated; absent is the same as empty.
  std::vector<contacts::GroupId> group_ids(std::string_view name);
  /// The content as XML, absent is empty.
  std::string optional_xml(std::string_view name, std::size_t bytes_max);

  template <class X>
  Result<X> result(X value) const {
    if (error_) return std::unexpected(*error_);
    return value;
  }

 private:
  const xml::Element* find(std::string_view name);
  const xml::Element* require(std::string_view name);
  void fail(Fault fault, std::string_view name);

  const xml::Element& method_;
  std::optional<Error> error_;
};

// How the same fields are written. Names of ours carry the prefix that begin_method() declares.
void begin_method(xml::Writer& out, std::string_view name);
void write_number(xml::Writer& out, std::string_view name, std::uint32_t number);
void write_group_ids(xml::Writer& out, std::string_view name,
                     const std::vector<contacts::GroupId>& ids);

}  // namespace kith::soap
