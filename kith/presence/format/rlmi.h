#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kith/base/result.h"
#include "kith/sip/header/content_type.h"
#include "kith/sip/multipart.h"

/// A notification of a batched subscription: a list, and a document for each resource on it.
/// [MS-SIP] §3.3.5.1
namespace kith::presence::rlmi {

inline constexpr std::string_view content_type = "application/rlmi+xml";
inline constexpr std::string_view ns = "urn:ietf:params:xml:ns:rlmi";

/// Whether the list has all resources of the subscription or only those that changed.
enum class Extent : std::uint8_t { full, partial };

/// A resource and its document, both owned by somebody else.
struct Part {
  std::string_view uri;
  std::string_view document;
};

/// What a notification says of the subscription.
struct Head {
  std::string watcher;
  std::uint32_t version = 0;  // one more each time
  Extent extent = Extent::full;

  bool operator==(const Head&) const = default;
};

/// multipart/related: first the list, then a part of type text/xml+msrtc.pidf for each resource.
/// All that the watcher named must be there the first time, offline or not, for real clients forget
/// the others (SIP-BATCH-15). Every URI is one of a presentity, as is_presentity_uri() has it.
sip::MultipartWriter::Written write(const Head& head, std::span<const Part> parts);

/// A notification as a watcher reads it.
struct Notification {
  Head head;
  std::vector<std::string> resources;  // with "sip:", in the order of the list
  /// Of each resource; empty where there is none. They point into the body.
  std::vector<std::string_view> documents;

  bool operator==(const Notification&) const = default;
};

/// Reads such a body: each resource and the document that its first instance with a cid names.
Result<Notification> parse(std::string_view body, const sip::ContentTypeView& type);

}  // namespace kith::presence::rlmi
