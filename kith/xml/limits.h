#pragma once

#include <cstddef>

namespace kith::xml {

/// What a document may ask of us. The defaults fit one request; whoever expects a longer document
/// says so.
struct Limits {
  std::size_t document_bytes_max = 64 * 1024;
  std::size_t elements_max = 1024;
  std::size_t depth_max = 32;             // the root element has depth 1
  std::size_t attributes_max = 32;        // of one element, namespace declarations included
  std::size_t namespace_bytes_max = 256;  // every element owns a copy of its namespace
};

}  // namespace kith::xml
