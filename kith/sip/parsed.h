#pragma once

#include <optional>
#include <string>
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

/// Why a strict peer would refuse what is written for this header, or nothing: names the header,
/// and the place in `written(header)`. A message takes any header as it is; this is for those whose
/// texts came from elsewhere.
template <Header H>
std::optional<Error> write_fault(const H& header) {
  const std::string text = written(header);
  const Result<H> again = parsed<H>(text, Mode::strict);
  if (!again) return again.error();
  if (*again != header) return Error{Fault::malformed, H::name.full};
  return std::nullopt;
}

}  // namespace kith::sip
