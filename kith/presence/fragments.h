#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kith/base/result.h"

namespace kith::presence {

/// An element as it stands in a document.
struct Fragment {
  /// Byte for byte as it was, CDATA sections and comments included, but for this: what it uses of
  /// the namespaces that were declared around it is declared in its own start tag. So it means the
  /// same wherever it is put.
  std::string xml;
  std::string_view content;  // between its tags, in the document
};

/// The children of one element of a well-formed document: of the first that this path of local
/// names, from the root on, leads to. None if there is no such element. Fault::too_long when all
/// of them together are longer than bytes_max, Fault::too_many beyond namespaces_max.
Result<std::vector<Fragment>> fragments(std::string_view document,
                                        std::span<const std::string_view> path,
                                        std::size_t bytes_max);

}  // namespace kith::presence
