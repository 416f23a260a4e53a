#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kith/base/ensure.h"
#include "kith/base/scanner.h"
#include "kith/base/writer.h"
#include "kith/sip/header.h"

namespace kith::fuzz {

/// The whole text as a header of that type.
template <sip::Header H>
std::optional<H> read_header(std::string_view text, Mode mode) {
  Scanner in(text, mode, H::name.full);
  std::optional<H> header = H::parse(in);
  in.blanks();
  return in.at_end() ? header : std::nullopt;
}

/// What is read is written so that it reads as the same value, and then is written the same way.
/// What lenient reads need not be legal, and what is written for it another value, though one that
/// stays.
template <sip::Header H>
void turn_round(const H& header, Mode mode) {
  const std::string once = written(header);
  const std::optional<H> again = read_header<H>(once, mode);
  ensure(again.has_value());
  ensure(mode == Mode::lenient || *again == header);
  ensure(written(*again) == once);
}

}  // namespace kith::fuzz
