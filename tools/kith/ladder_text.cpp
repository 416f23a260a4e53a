#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/kith/ladder_draw.h"
#include "tools/kith/ladder_limits.h"
#include "tools/kith/output.h"
#include "tools/kith/shown.h"
#include "tools/kith/trace.h"

namespace kith::tool {

namespace {

struct Pens {
  std::string_view lifeline;
  std::string_view first;  // an arrow's line
  std::string_view again;  // that of what was sent again
};

constexpr Pens pens_of(Strokes strokes) {
  return strokes == Strokes::ascii ? Pens{"|", "-", "."} : Pens{"│", "─", "╌"};
}

/// A line of a terminal, column by column.
class Line {
 public:
  void put(std::size_t column, std::string_view text) {
    for (const std::string& each : characters(text)) put_one(column++, each);
  }
  void repeat(std::size_t column, std::size_t count, std::string_view one) {
    for (std::size_t i = 0; i < count; ++i) put_one(column + i, one);
  }
  /// Its middle there, or as far to the left as it can be.
  void put_centred(std::size_t column, std::string_view text) {
    const std::size_t half = width(text) / 2;
    put(column > half ? column - half : 0, text);
  }
  std::string text() const {
    std::string all;
    for (const std::string& each : cells_) all += each;
    const std::size_t end = all.find_last_not_of(' ');
    return all.substr(0, end == std::string::npos ? 0 : end + 1) + "\n";
  }

 private:
  void put_one(std::size_t column, std::string_view one) {
    if (cells_.size() <= column) cells_.resize(column + 1, " ");
    cells_[column] = one;
  }

  std::vector<std::string> cells_;
};

std::string seconds_since(Time start, Time time) {
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(time - start).count();
  return fmt::format("{}{}.{:03}", millis < 0 ? "-" : "", std::abs(millis) / 1000,
                     std::abs(millis) % 1000);
}

std::string label_of(const Arrow& arrow, std::size_t columns) {
  const std::string_view again = arrow.again ? " (again)" : "";
  return cut(arrow.label, columns - again.size()).append(again);
}

std::string label_of(const Arrow& arrow) { return label_of(arrow, limits::label_max); }

class Drawing {
 public:
  Drawing(const Ladder& ladder, std::size_t width, Strokes strokes)
      : ladder_(ladder), pens_(pens_of(strokes)) {
    start_ = ladder.arrows.front().time;
    for (const Arrow& each : ladder.arrows)
      time_width_ = std::max(time_width_, seconds_since(start_, each.time).size());
    margin_ = time_width_ + 2;
    if (ladder.calls.size() > 1) margin_ += std::to_string(ladder.calls.size()).size() + 3;
    place_columns(width);
  }

  std::string draw() const {
    std::string text = fmt::format("from {} on, in seconds\n", time_text(start_)) + head();
    for (const Arrow& each : ladder_.arrows) text += row(each);
    return text + legend();
  }

 private:
  /// As far apart as there is room for, but no farther than the labels are long.
  void place_columns(std::size_t width) {
    const std::size_t count = ladder_.participants.size();
    std::size_t longest = limits::spacing_min;
    for (const Arrow& each : ladder_.arrows)
      if (each.remark.empty()) longest = std::max(longest, kith::tool::width(label_of(each)) + 6);
    std::size_t first = 0;
    std::size_t last = 0;
    if (count > 0) {
      first = kith::tool::width(ladder_.participants.front()) / 2;
      last = kith::tool::width(ladder_.participants.back()) / 2;
    }
    const std::size_t taken = margin_ + first + last + 1;
    const std::size_t gaps = count > 1 ? count - 1 : 1;
    const std::size_t room = width > taken ? (width - taken) / gaps : 0;
    const std::size_t spacing = std::clamp(room, limits::spacing_min, longest);
    for (std::size_t i = 0; i < count; ++i) columns_.push_back(margin_ + first + i * spacing);
    spacing_ = spacing;
  }

  /// The names, on two lines where one has no room for them.
  std::string head() const {
    std::size_t longest = 0;
    for (const std::string& each : ladder_.participants) longest = std::max(longest, width(each));
    const std::size_t lines = longest + 2 > spacing_ && columns_.size() > 1 ? 2 : 1;
    std::string text;
    for (std::size_t line = 0; line < lines; ++line) {
      Line names;
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (i % lines == line)
          names.put_centred(columns_[i], ladder_.participants[i]);
        else if (i % lines < line)
          names.put(columns_[i], pens_.lifeline);
      }
      text += names.text();
    }
    return text;
  }

  Line lifelines(const Arrow& arrow) const {
    Line line;
    const std::string time = seconds_since(start_, arrow.time);
    line.put(time_width_ - time.size(), time);
    if (ladder_.calls.size() > 1 && arrow.remark.empty())
      line.put(time_width_ + 1, fmt::format("[{}]", arrow.call + 1));
    for (const std::size_t column : columns_) line.put(column, pens_.lifeline);
    return line;
  }

  std::string row(const Arrow& arrow) const {
    Line line = lifelines(arrow);
    if (!arrow.remark.empty()) {
      line.put(margin_, "! " + arrow.remark);
      return line.text();
    }
    if (arrow.from == arrow.to) {
      line.put(columns_[arrow.from] + 2, label_of(arrow) + ", to itself");
      return line.text();
    }
    const bool rightwards = arrow.from < arrow.to;
    const std::size_t left = columns_[rightwards ? arrow.from : arrow.to];
    const std::size_t right = columns_[rightwards ? arrow.to : arrow.from];
    line.repeat(left + 1, right - left - 1, arrow.again ? pens_.again : pens_.first);
    if (rightwards)
      line.put(right - 1, ">");
    else
      line.put(left + 1, "<");
    const std::size_t room = right - left - 4;  // but for the arrow's head and a stroke each side
    const std::string label = " " + label_of(arrow, room - 2) + " ";
    line.put(left + (rightwards ? 2 : 3) + (room - kith::tool::width(label)) / 2, label);
    return line.text();
  }

  std::string legend() const {
    if (ladder_.calls.size() < 2) return {};
    std::string text = "\n";
    for (std::size_t i = 0; i < ladder_.calls.size(); ++i)
      text += fmt::format("[{}] Call-ID {}\n", i + 1, ladder_.calls[i]);
    return text;
  }

  const Ladder& ladder_;
  Pens pens_;
  Time start_{};
  std::size_t time_width_ = 0;
  std::size_t margin_ = 0;  // columns before the first name
  std::size_t spacing_ = 0;
  std::vector<std::size_t> columns_;  // of the lifelines
};

}  // namespace

std::string ladder_text(const Ladder& ladder, std::size_t width, Strokes strokes) {
  return ladder.arrows.empty() ? std::string{} : Drawing(ladder, width, strokes).draw();
}

std::string ladder_json(const Ladder& ladder) {
  std::string text;
  for (const Arrow& each : ladder.arrows) {
    text += fmt::format(R"({{"time":"{}","seconds":{})", time_text(each.time),
                        seconds_since(ladder.arrows.front().time, each.time));
    if (!each.remark.empty()) {
      text += fmt::format(R"(,"remark":{}}})", quoted(each.remark)) + "\n";
      continue;
    }
    text +=
        fmt::format(R"(,"from":{},"to":{},"transport":"{}","call_id":{},"cseq":{})",
                    quoted(ladder.participants[each.from]), quoted(ladder.participants[each.to]),
                    to_string(each.transport), quoted(ladder.calls[each.call]), quoted(each.cseq));
    if (!each.method.empty()) text += fmt::format(R"(,"method":{})", quoted(each.method));
    if (each.status != 0)
      text += fmt::format(R"(,"status":{},"reason":{})", each.status, quoted(each.reason));
    text += fmt::format(R"(,"retransmission":{}}})", each.again) + "\n";
  }
  return text;
}

}  // namespace kith::tool
