#include "kith/presence/documents.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "kith/presence/format/msrtc.h"
#include "kith/presence/format/pidf.h"
#include "kith/presence/format/rlmi.h"
#include "kith/presence/format/xpidf.h"
#include "kith/sip/header/accept.h"

namespace kith::presence {

namespace {

constexpr std::array formats{Format::msrtc, Format::pidf, Format::xpidf};

/// How much a type is liked by name; nothing if it is not named.
std::optional<sip::QValue> liking(std::span<const sip::Accept> accepted, std::string_view type) {
  const auto named =
      std::ranges::find_if(accepted, [&](const sip::Accept& range) { return range.is(type); });
  if (named == accepted.end()) return std::nullopt;
  return named->q().value_or(sip::QValue{});
}

/// The same, by wildcards too: of two the one that says more.
std::optional<sip::QValue> liking_of_pidf(std::span<const sip::Accept> accepted) {
  for (const std::string_view range : {pidf::content_type, {"application/*"}, {"*/*"}})
    if (const auto q = liking(accepted, range)) return q;
  return std::nullopt;
}

std::string written_in(Format format, const Aggregate& aggregate, Time now) {
  switch (format) {
    case Format::msrtc:
      return msrtc::write(aggregate, now);
    case Format::pidf:
      return pidf::write(aggregate);
    case Format::xpidf:
      return xpidf::write(xpidf::of(aggregate));
  }
  std::unreachable();
}

}  // namespace

std::string_view content_type_of(Format format) {
  switch (format) {
    case Format::msrtc:
      return msrtc::content_type;
    case Format::pidf:
      return pidf::content_type;
    case Format::xpidf:
      return xpidf::content_type;
  }
  std::unreachable();
}

Result<std::optional<Format>> format_for(const sip::Message& subscribe) {
  if (!subscribe.has<sip::Accept>()) return Format::pidf;
  const auto accepted = subscribe.all<sip::Accept>();
  if (!accepted) return std::unexpected(accepted.error());
  std::optional<Format> best;
  sip::QValue best_liking{0};
  for (const Format format : formats) {
    const auto q = format == Format::pidf ? liking_of_pidf(*accepted)
                                          : liking(*accepted, content_type_of(format));
    if (!q || *q <= best_liking) continue;
    best = format;
    best_liking = *q;
  }
  return best;
}

Result<bool> takes_lists(const sip::Message& subscribe) {
  const auto accepted = subscribe.all<sip::Accept>();
  if (!accepted) return std::unexpected(accepted.error());
  return std::ranges::all_of(
      std::array<std::string_view, 3>{rlmi::content_type, "multipart/related", msrtc::content_type},
      [&](std::string_view type) {
        return liking(*accepted, type).value_or(sip::QValue{0}) > sip::QValue{0};
      });
}

const Document& Documents::in(Format format) {
  std::optional<Document>& written = written_[static_cast<std::size_t>(format)];
  if (!written)
    written = Document{.content_type = content_type_of(format),
                       .body = written_in(format, aggregate_, now_)};
  return *written;
}

}  // namespace kith::presence
