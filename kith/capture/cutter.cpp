#include "kith/capture/cutter.h"

#include <utility>

#include "kith/capture/recognise.h"

namespace kith::capture {

void Cutter::push(std::string_view segment) {
  kept_.append(segment);
  if (in_stream_) framer_.push(segment);
}

/// Whether what is kept begins a message. What does not is dropped, all of it: the next segment
/// may.
bool Cutter::find_start() {
  const std::size_t begin = kept_.find_first_not_of("\r\n");
  kept_.erase(0, begin);
  if (kept_.empty()) return false;
  const Start start = start_of(kept_);
  if (start == Start::no) {
    skipped_ += kept_.size();
    kept_.clear();
  }
  if (start != Start::yes) return false;
  framer_ = {};
  framer_.push(kept_);
  in_stream_ = true;
  seen_message_ = true;
  return true;
}

std::optional<Cut> Cutter::next() {
  while (in_stream_ || find_start()) {
    std::optional<Result<sip::Frame>> frame = framer_.next();
    if (!frame) return std::nullopt;
    if (!*frame) return lose(frame->error());
    kept_.erase(0, kept_.size() - framer_.buffered());
    in_stream_ = false;  // what follows may be no message
    if ((*frame)->kind == sip::Frame::Kind::message)
      return Cut{.bytes = std::move((*frame)->bytes), .error = {}};
  }
  return std::nullopt;
}

/// Of a message whose length is not known, the header section is. What follows may be its body.
Cut Cutter::lose(const Error& error) {
  const bool length_unknown =
      error.where == "body" || (error.where == "Content-Length" && error.fault != Fault::duplicate);
  if (length_unknown) {
    skipped_ += kept_.size() - error.offset;
    kept_.resize(error.offset);
  }
  in_stream_ = false;
  return {.bytes = std::exchange(kept_, {}), .error = error};
}

std::size_t Cutter::restart() {
  in_stream_ = false;
  return std::exchange(kept_, {}).size();
}

std::size_t Cutter::take_skipped() { return std::exchange(skipped_, 0); }

}  // namespace kith::capture
