#include "kith/sip/multipart.h"

#include <algorithm>
#include <array>

#include "kith/base/ensure.h"
#include "kith/base/text.h"
#include "kith/sip/header/content_id.h"

namespace kith::sip {

namespace {

/// bchars: RFC 2046 §5.1.1; a blank may not be the last one.
constexpr CharSet boundary_chars = digits | letters | CharSet{"'()+_,-./:=? "};

bool is_made_of(const CharSet& set, std::string_view text) {
  return set.run_end(text.data(), text.data() + text.size()) == text.data() + text.size();
}

/// Takes the next line off the text, its end included.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end);
  return line;
}

std::string_view without_line_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

std::string_view BodyPart::text(std::string_view name) const {
  std::string_view rest = head;
  while (!rest.empty()) {
    const std::string_view line = without_line_end(take_line(rest));
    const std::size_t colon = line.find(':');
    if (!equal_ignoring_case(trim(line.substr(0, colon)), name)) continue;
    const std::string_view value = trim(line.substr(colon + 1));
    return value.empty() ? line.substr(line.size()) : value;
  }
  return {};
}

Result<ContentTypeView> BodyPart::content_type() const {
  const auto given = view<ContentType>();
  if (!given) return std::unexpected(given.error());
  if (*given) return **given;
  return ContentTypeView{.type = default_type.substr(0, default_type.find('/')),
                         .subtype = default_type.substr(default_type.find('/') + 1),
                         .params = {}};
}

/// Cuts a body into its parts, once, from left to right.
class MultipartReader {
 public:
  MultipartReader(Multipart& to, std::string_view body, std::string_view boundary)
      : to_(to), body_(body), length_(boundary.size() + 3) {
    delimiter_[0] = '\n';
    delimiter_[1] = delimiter_[2] = '-';
    std::ranges::copy(boundary, delimiter_.begin() + 3);
  }

  /// multipart-body = [preamble CRLF] dash-boundary transport-padding CRLF
  ///                  body-part *encapsulation
  ///                  close-delimiter transport-padding [CRLF epilogue]
  /// RFC 2046 §5.1.1
  std::optional<Error> read() {
    Delimiter delimiter;
    if (const auto error = find(0, delimiter)) return error;
    if (!delimiter.found) return Error{Fault::missing, "boundary"};
    while (!delimiter.closes) {
      const std::size_t begin = delimiter.end;
      if (const auto error = find(begin, delimiter)) return error;
      if (!delimiter.found) {
        if (!allow("no closing boundary", body_.size()))
          return Error{Fault::missing, "closing boundary", body_.size()};
        delimiter = {.found = true, .closes = true, .begin = body_.size(), .end = body_.size()};
      }
      if (delimiter.begin < begin && !allow("part without a line", begin))
        return Error{Fault::malformed, "part", begin};
      if (const auto error = read_part(begin, std::max(begin, delimiter.begin))) return error;
    }
    if (to_.parts_.empty() && !allow("no part", delimiter.begin))
      return Error{Fault::missing, "part", delimiter.begin};
    return std::nullopt;
  }

 private:
  /// A delimiter line; it begins with the line end of the line before it.
  struct Delimiter {
    bool found = false;
    bool closes = false;
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  bool allow(std::string_view rule, std::size_t offset) {
    if (to_.mode_ == Mode::strict) return false;
    to_.diagnostics_.add({rule, "multipart", offset});
    return true;
  }
  bool allow_lf(std::size_t offset) { return allow("line ended by LF alone", offset); }

  /// The next delimiter line from `from`, which is the beginning of a line; perhaps none.
  std::optional<Error> find(std::size_t from, Delimiter& to) {
    const std::string_view all{delimiter_.data(), length_};
    to = {};
    for (std::size_t at = from; !to.found; at = to.end) {
      if (at == 0 && body_.starts_with(all.substr(1))) {
        to = {.begin = 0, .end = length_ - 1};
      } else {
        // The line before may be the delimiter line of a part in which there is nothing at all.
        const std::size_t feed = body_.find(all, at == 0 ? 0 : at - 1);
        if (feed == std::string_view::npos) return std::nullopt;
        const bool cr = feed > 0 && body_[feed - 1] == '\r';
        if (!cr && !allow_lf(feed)) return Error{Fault::malformed, "boundary", feed};
        to = {.begin = cr ? feed - 1 : feed, .end = feed + length_};
      }
      if (const auto error = end_line(to)) return error;
    }
    return std::nullopt;
  }

  /// What follows the boundary on its line: the hyphens of the last one, blanks, the line end.
  std::optional<Error> end_line(Delimiter& line) {
    std::size_t at = line.end;
    line.closes = body_.substr(at).starts_with("--");
    if (line.closes) at += 2;
    while (at < body_.size() && is_blank(body_[at])) ++at;
    const std::string_view rest = body_.substr(at);
    line.end = at + (rest.starts_with("\r\n") ? 2 : rest.starts_with('\n') ? 1 : 0);
    line.found = line.end > at || (line.closes && rest.empty());
    if (line.end == at + 1 && !allow_lf(at)) return Error{Fault::malformed, "boundary", at};
    // RFC 2046 §5.1.1 lets no part have a line that begins so, and composers do not heed it: the
    // boundary of an inner multipart is often that of the outer one with a number behind it.
    if (!line.found && !allow("line that begins with the boundary", at))
      return Error{Fault::malformed, "boundary", at};
    return std::nullopt;
  }

  std::optional<Error> read_part(std::size_t begin, std::size_t end) {
    if (to_.parts_.size() == parts_max) return Error{Fault::too_many, "part", begin};
    BodyPart part;
    part.offset = begin;
    part.mode = to_.mode_;
    part.default_type = to_.digest_ ? "message/rfc822" : "text/plain";
    std::string_view rest = body_.substr(begin, end - begin);
    bool folded = false;
    bool ended = rest.empty();
    while (!rest.empty()) {
      const std::size_t at = end - rest.size();
      const std::string_view line = take_line(rest);
      if (line.ends_with('\n') && !line.ends_with("\r\n") && !allow_lf(at))
        return Error{Fault::malformed, "part", at};
      ended = without_line_end(line).empty();
      if (ended) break;
      if (at + line.size() - begin > part_head_size_max) return Error{Fault::too_long, "part", at};
      const bool continues = is_blank(line.front());
      if (continues ? at == begin : !is_header(line)) return Error{Fault::malformed, "part", at};
      folded |= continues;
      part.head = body_.substr(begin, at + line.size() - begin);
    }
    if (!ended && !part.head.ends_with('\n') && !allow("header line without an end", end))
      return Error{Fault::malformed, "part", end};
    part.content = rest;
    if (folded) unfold(part);
    if (const auto id = part.view<ContentId>(); id && *id) part.content_id = (*id)->id;
    to_.parts_.push_back(part);
    return std::nullopt;
  }

  static bool is_header(std::string_view line) {
    Scanner in(line);
    std::string_view name;
    if (!in.token(name)) return false;
    in.blanks();
    return in.next(':');
  }

  /// Line ends before a blank become blanks, so that offsets stay what they are.
  void unfold(BodyPart& part) {
    to_.diagnostics_.add({"folded line", "multipart", part.offset});
    std::string& head = to_.unfolded_.emplace_front(part.head);
    for (std::size_t at = head.find('\n'); at != std::string::npos; at = head.find('\n', at + 1)) {
      if (at + 1 == head.size() || (head[at + 1] != ' ' && head[at + 1] != '\t')) continue;
      head[at] = ' ';
      if (at > 0 && head[at - 1] == '\r') head[at - 1] = ' ';
    }
    part.head = head;
  }

  Multipart& to_;
  std::string_view body_;
  std::size_t length_;
  std::array<char, boundary_length_max + 3> delimiter_;  // LF, two hyphens, the boundary
};

Result<Multipart> Multipart::parse(std::string_view body, const ContentTypeView& type, Mode mode,
                                   std::size_t depth) {
  if (!equal_ignoring_case(type.type, "multipart"))
    return refuse(Fault::unsupported, ContentType::name.full);
  if (depth > multipart_depth_max) return refuse(Fault::too_many, "multipart");
  if (body.size() > body_size_max) return refuse(Fault::too_long, "body", body_size_max);
  const std::string boundary = unquote(type.params.find("boundary").value_or(""));
  if (boundary.empty()) return refuse(Fault::missing, "boundary");
  if (boundary.size() > boundary_length_max) return refuse(Fault::too_long, "boundary");
  if (boundary.back() == ' ' || boundary.contains('\n'))
    return refuse(Fault::malformed, "boundary");
  Result<Multipart> result{Multipart{}};
  result->mode_ = mode;
  result->depth_ = depth;
  result->digest_ = equal_ignoring_case(type.subtype, "digest");
  result->start_ = type.params.find("start").value_or("");
  if (!is_made_of(boundary_chars, boundary)) {
    if (mode == Mode::strict) return refuse(Fault::malformed, "boundary");
    result->diagnostics_.add({"character not allowed in a boundary", "multipart", 0});
  }
  if (const auto error = MultipartReader(*result, body, boundary).read())
    result = std::unexpected(*error);
  return result;
}

Result<Multipart> Multipart::parse(std::string_view body, const ContentTypeView& type, Mode mode) {
  return parse(body, type, mode, 1);
}

Result<Multipart> Multipart::parse(const Message& message) {
  const auto type = message.view<ContentType>();
  if (!type) return std::unexpected(type.error());
  if (!*type) return refuse(Fault::missing, ContentType::name.full);
  return parse(message.body(), **type, message.mode());
}

Result<Multipart> Multipart::nested(const BodyPart& part) const {
  const auto type = part.content_type();
  if (!type) return std::unexpected(type.error());
  return parse(part.content, *type, mode_, depth_ + 1);
}

namespace {

/// Whether the escaped text of a URL, RFC 2392, is this text.
bool equals_unescaped(std::string_view escaped, std::string_view text) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < escaped.size(); ++i, ++at) {
    char c = escaped[i];
    if (c == '%' && i + 2 < escaped.size()) {
      if (const auto byte = from_hex(escaped.substr(i + 1, 2))) {
        c = byte->front();
        i += 2;
      }
    }
    if (at == text.size() || text[at] != c) return false;
  }
  return at == text.size();
}

}  // namespace

const BodyPart* Multipart::find(std::string_view id) const {
  constexpr std::string_view scheme = "cid:";
  const bool url = equal_ignoring_case(id.substr(0, scheme.size()), scheme);
  if (url) id.remove_prefix(scheme.size());
  if (id.starts_with('<') && id.ends_with('>')) id = id.substr(1, id.size() - 2);
  if (id.empty()) return nullptr;
  const auto named = [id, url](const BodyPart& part) {
    return url ? equals_unescaped(id, part.content_id) : part.content_id == id;
  };
  const auto found = std::ranges::find_if(parts_, named);
  return found == parts_.end() ? nullptr : &*found;
}

const BodyPart* Multipart::root() const {
  if (!start_.empty()) return find(start_);
  return parts_.empty() ? nullptr : &parts_.front();
}

void MultipartWriter::end_part(std::string_view content) {
  text_.append("\r\n").append(content);
  ends_.push_back(text_.size());
}

MultipartWriter::Written MultipartWriter::write(std::string_view subtype,
                                                std::string_view boundary) const {
  constexpr std::size_t wanted_length_max = 60;  // leaves room for a number
  ensure(!ends_.empty());
  ensure(!boundary.empty() && boundary.size() <= wanted_length_max && boundary.back() != ' ');
  ensure(is_made_of(boundary_chars, boundary));
  std::string free = std::string{boundary};
  for (std::size_t n = 1; text_.contains("--" + free); ++n)
    free = std::string{boundary} + '-' + std::to_string(n);

  Written written;
  written.type.type = "multipart";
  written.type.subtype = subtype;
  written.type.params.set_quoted("boundary", free);
  std::string& body = written.body;
  body.reserve(text_.size() + (ends_.size() + 1) * (free.size() + 6) + 2);
  std::size_t begin = 0;
  for (const std::size_t end : ends_) {
    body.append("--").append(free).append("\r\n");
    body.append(text_, begin, end - begin).append("\r\n");
    begin = end;
  }
  body.append("--").append(free).append("--\r\n");
  return written;
}

}  // namespace kith::sip
