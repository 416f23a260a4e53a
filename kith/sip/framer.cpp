#include "kith/sip/framer.h"

#include <array>
#include <span>
#include <utility>

#include "kith/base/scanner.h"
#include "kith/base/text.h"
#include "kith/sip/limits.h"

namespace kith::sip {

namespace {

constexpr std::string_view length_name = "Content-Length";

}  // namespace

void Framer::push(std::string_view bytes) {
  if (lost_) return;
  if (begin_ > 0) {
    buffer_.erase(0, begin_);
    begin_ = 0;
  }
  buffer_.append(bytes);
}

std::optional<Result<Frame>> Framer::next() {
  if (lost_) return std::unexpected(*lost_);
  if (scanned_ == 0)
    if (std::optional<Frame> keep_alive = skip_line_ends()) return std::move(*keep_alive);
  if (lost_) return std::unexpected(*lost_);
  if (buffered() == 0) return std::nullopt;
  if (message_size_ == 0)
    if (const std::optional<Error> error = read_lines()) return std::unexpected(lose(*error));
  if (message_size_ == 0 || buffered() < message_size_) return std::nullopt;
  return take_message();
}

/// Line ends before a start line are skipped: RFC 3261 §7.5. Two in a row are a keep-alive.
std::optional<Frame> Framer::skip_line_ends() {
  while (buffered() > 0) {
    const std::string_view rest = std::string_view{buffer_}.substr(begin_);
    if (rest.front() != '\r' && rest.front() != '\n') {
      line_ends_ = 0;
      return std::nullopt;
    }
    if (rest == "\r") return std::nullopt;
    if (rest.front() == '\r' && rest[1] != '\n') {
      lose({Fault::malformed, "start line"});
      return std::nullopt;
    }
    begin_ += rest.front() == '\r' ? 2U : 1U;
    if (std::exchange(pong_expected_, false)) return Frame{.kind = Frame::Kind::pong, .bytes = {}};
    if (++line_ends_ == 2) {
      line_ends_ = 0;
      return Frame{.kind = Frame::Kind::keep_alive, .bytes = {}};
    }
  }
  return std::nullopt;
}

std::optional<Error> Framer::read_lines() {
  const std::string_view text = std::string_view{buffer_}.substr(begin_);
  std::array<Line, 32> lines;
  Lines found;
  do {
    found = scan_lines(text, scanned_, lines);
    for (const Line& line : std::span{lines}.first(found.count))
      if (const auto error = read_line(line, text)) return error;
    scanned_ = found.next;
  } while (found.stop == Lines::Stop::full);
  const bool whole = found.stop == Lines::Stop::empty_line;
  if ((whole ? scanned_ : text.size()) > header_section_size_max + 2)
    return Error{Fault::too_long, "header section", header_section_size_max};
  return whole ? size_message(scanned_) : std::nullopt;
}

std::optional<Error> Framer::read_line(const Line& line, std::string_view text) {
  const std::string_view whole = text.substr(line.begin, line.end - line.begin);
  if (line.bare_cr) return Error{Fault::malformed, "header section", line.begin};
  if (is_blank(whole.front())) {
    if (in_length_) length_.append(" ").append(trim(whole));
    return std::nullopt;
  }
  const std::string_view name = trim(text.substr(line.begin, line.colon - line.begin));
  in_length_ = line.colon != line.end &&
               (equal_ignoring_case(name, length_name) || equal_ignoring_case(name, "l"));
  if (!in_length_) return std::nullopt;
  if (std::exchange(has_length_, true)) return Error{Fault::duplicate, length_name, line.begin};
  length_ = text.substr(line.colon + 1, line.end - line.colon - 1);
  return std::nullopt;
}

/// A stream has no other way to tell where a message ends: RFC 3261 §18.3
std::optional<Error> Framer::size_message(std::size_t section_size) {
  if (!has_length_) return Error{Fault::missing, length_name, section_size};
  Scanner in(trim(length_));
  std::size_t body = 0;
  if (!in.number(body) || !in.at_end()) return Error{Fault::malformed, length_name, section_size};
  if (body > body_size_max) return Error{Fault::too_long, "body", section_size};
  message_size_ = section_size + body;
  return std::nullopt;
}

Frame Framer::take_message() {
  Frame frame;
  if (begin_ == 0 && buffer_.size() == message_size_) {
    frame.bytes = std::exchange(buffer_, {});
  } else {
    frame.bytes = buffer_.substr(begin_, message_size_);
    begin_ += message_size_;
  }
  scanned_ = 0;
  message_size_ = 0;
  length_.clear();
  has_length_ = false;
  in_length_ = false;
  return frame;
}

Error Framer::lose(const Error& error) {
  lost_ = error;
  buffer_ = {};
  begin_ = 0;
  return error;
}

}  // namespace kith::sip
