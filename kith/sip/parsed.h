#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "kith/base/diagnostics.h"
#include "kith/base/result.h"
#include "kith/base/scanner.h"
#include "kith/sip/header.h"

namespace kith::sip {

/// One value of a header, of text that holds nothing else, as `written(header)` puts it down:
/// parsed<Contact>("<sip:a@b>;q=0.7"). What stands in a message is better asked of the message.
template <Header H>
Result<H> parsed(std::string_view text, Mode mode = Mode::lenient,
                 Diagnostics* diagnostics = nullptr) {
  Scanner in(text, mode, H::name.full, diagnostics);
  std::optional<H> header = H::parse(in);
  if (!header || !in.at_end()) return std::unexpected(in.error());
  return *std::move(header);
}

}  // namespace kith::sip
