#pragma once

#include <cstddef>
#include <forward_list>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

#include "kith/base/diagnostics.h"
#include "kith/base/result.h"
#include "kith/base/scanner.h"
#include "kith/sip/header/content_type.h"
#include "kith/sip/limits.h"
#include "kith/sip/message.h"

namespace kith::sip {

/// One part of a multipart: two slices of the body that it came in.
/// body-part = MIME-part-headers [ CRLF *OCTET ]: RFC 2046 §5.1.1
struct BodyPart {
  std::string_view head;        // its header lines, each with its line end, nothing folded
  std::string_view content;     // as it stands there: no transfer encoding is undone
  std::string_view content_id;  // without the angle brackets; "" if it has none
  std::size_t offset = 0;       // of the head, in the body of the multipart
  std::string_view default_type = "text/plain";
  Mode mode = Mode::lenient;

  /// As Message::get() and view(): absent is fine, malformed is an Error. Offsets are those in the
  /// body of the multipart.
  template <Header H>
  Result<std::optional<H>> get() const {
    return first<H, H>();
  }
  template <Header H>
  Result<std::optional<typename H::View>> view() const {
    return first<H, typename H::View>();
  }
  /// The value of the first header of that name, in any case; if there is none, "" without data.
  std::string_view text(std::string_view name) const;
  /// The type of the content; if the part does not say, text/plain, and message/rfc822 in a
  /// multipart/digest.
  Result<ContentTypeView> content_type() const;

 private:
  template <class H, class Form>
  Result<std::optional<Form>> first() const;
};

/// A body of several parts: RFC 2046 §5.1, RFC 5621 §4.1. Everything points into the body, which
/// must outlive this; preamble and epilogue are ignored. However many parts there are, one vector
/// is all that is allocated, unless a part has folded header lines.
class Multipart {
 public:
  /// `type` is the Content-Type of the body: multipart/anything, with a boundary.
  /// Lenient: lines ended by LF alone, no closing boundary.
  static Result<Multipart> parse(std::string_view body, const ContentTypeView& type,
                                 Mode mode = Mode::lenient);
  /// The body of a message, which must not be encoded; see decoded_body().
  static Result<Multipart> parse(const Message& message);
  /// A part that is a multipart itself; at most multipart_depth_max within each other.
  Result<Multipart> nested(const BodyPart& part) const;

  Multipart(Multipart&&) = default;
  Multipart& operator=(Multipart&&) = default;
  Multipart(const Multipart&) = delete;  // folded lines are kept here, and parts point to them
  Multipart& operator=(const Multipart&) = delete;
  ~Multipart() = default;

  auto begin() const { return parts_.begin(); }
  auto end() const { return parts_.end(); }
  std::size_t size() const { return parts_.size(); }
  const BodyPart& operator[](std::size_t i) const { return parts_[i]; }

  /// The part of that Content-ID, or null. The id is bare, in angle brackets, or a cid URL with its
  /// escapes: RFC 2392
  const BodyPart* find(std::string_view id) const;
  /// Of a multipart/related the part that the others belong to: the one that the parameter `start`
  /// names, or the first. Null if there is none. RFC 2387 §3.2
  const BodyPart* root() const;
  /// Of a multipart/alternative the last part that `understands(part)` says yes to: the richest.
  /// RFC 2046 §5.1.4
  template <class Understands>
  const BodyPart* best(Understands&& understands) const {
    for (const BodyPart& part : parts_ | std::views::reverse)
      if (understands(part)) return &part;
    return nullptr;
  }

  const Diagnostics& diagnostics() const { return diagnostics_; }

 private:
  friend class MultipartReader;

  Multipart() = default;
  static Result<Multipart> parse(std::string_view body, const ContentTypeView& type, Mode mode,
                                 std::size_t depth);

  std::vector<BodyPart> parts_;
  std::forward_list<std::string> unfolded_;
  std::string_view start_;
  bool digest_ = false;
  Mode mode_ = Mode::lenient;
  std::size_t depth_ = 1;
  Diagnostics diagnostics_;
};

/// Puts parts together, and finds a boundary that stands in none of them.
class MultipartWriter {
 public:
  /// A part with these headers.
  template <Header... H>
  void add(std::string_view content, const H&... headers) {
    Writer out(text_);
    ((out << H::name.full << ": ", headers.write(out), out << "\r\n"), ...);
    end_part(content);
  }
  /// A part with header lines as they stand there, each with its CR LF: for peers that want them in
  /// a form which is not ours.
  void add_lines(std::string_view head, std::string_view content) {
    text_.append(head);
    end_part(content);
  }

  struct Written {
    ContentType type;
    std::string body;
  };
  /// multipart/`subtype`. `boundary`, 1 to 60 characters that a boundary may have, is what
  /// separates the parts; or if a part contains it, the first of boundary-1, boundary-2, … that
  /// none contains. So one that is always the same will do. There must be a part.
  Written write(std::string_view subtype, std::string_view boundary) const;

 private:
  void end_part(std::string_view content);

  std::string text_;  // all parts without anything between them
  std::vector<std::size_t> ends_;
};

template <class H, class Form>
Result<std::optional<Form>> BodyPart::first() const {
  Result<std::optional<Form>> result;
  const std::string_view value = text(H::name.full);
  if (value.data() == nullptr) return result;
  const auto offset_of = [this](std::string_view text) {
    return offset + static_cast<std::size_t>(text.data() - head.data());
  };
  BodyPart behind = *this;
  behind.head.remove_prefix(offset_of(value) - offset + value.size());
  const std::string_view second = behind.text(H::name.full);
  if (!H::name.multi && !H::name.repeats && second.data() != nullptr)
    return refuse(Fault::duplicate, H::name.full, offset_of(second));
  Scanner in(value, mode, H::name.full, nullptr, offset_of(value));
  if (!detail::read_value<H>(in, result->emplace())) result = std::unexpected(in.error());
  return result;
}

}  // namespace kith::sip
