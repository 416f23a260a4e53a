#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string_view>

#include "tools/kith/ladder_draw.h"
#include "tools/kith/ladder_limits.h"
#include "tools/kith/shown.h"
#include "tools/kith/trace.h"

namespace kith::tool {

namespace {

// Pixels.
constexpr std::size_t letter = 7;  // of the 12 px font that labels have
constexpr std::size_t row_height = 34;
constexpr std::size_t head_height = 64;
constexpr std::size_t margin = 24;
constexpr std::size_t time_width = 90;
constexpr std::size_t spacing_min = 220;

constexpr std::string_view style = R"(    svg { color-scheme: light dark; }
    text { font: 12px ui-monospace, monospace; }
    .name { text-anchor: middle; font-weight: bold; }
    .lifeline { stroke-dasharray: 2 4; }
    .arrow text { text-anchor: middle; }
    .arrow line, .arrow path { stroke-width: 1.5; fill: none; }
    .again line { stroke-dasharray: 6 4; }
)";

struct Colours {
  std::string_view ground;
  std::string_view ink;
  std::string_view faint;
  std::string_view request;
  std::string_view success;
  std::string_view failure;
};
constexpr Colours light{"#ffffff", "#1f2328", "#59636e", "#0550ae", "#116329", "#a40e26"};
constexpr Colours dark{"#0d1117", "#e6edf3", "#9198a1", "#79c0ff", "#7ee787", "#ff7b72"};

/// Spelt out for each class: not every program that shows pictures knows variables.
std::string rules(const Colours& colours) {
  std::string text = fmt::format(
      "    .ground {{ fill: {}; }}\n    text {{ fill: {}; }}\n"
      "    .lifeline {{ stroke: {}; }}\n    .time, .remark {{ fill: {}; }}\n",
      colours.ground, colours.ink, colours.faint, colours.faint);
  const auto pen = [&text](std::string_view kind, std::string_view colour) {
    text += fmt::format(
        "    .{0} text, .{0} polygon {{ fill: {1}; }}\n"
        "    .{0} line, .{0} path {{ stroke: {1}; }}\n",
        kind, colour);
  };
  pen("request", colours.request);
  pen("provisional", colours.faint);
  pen("success", colours.success);
  pen("failure", colours.failure);
  return text;
}

std::string escaped(std::string_view text) {
  std::string all;
  for (const char c : shown(text)) {
    if (c == '&')
      all += "&amp;";
    else if (c == '<')
      all += "&lt;";
    else if (c == '>')
      all += "&gt;";
    else if (c == '"')
      all += "&quot;";
    else
      all += c;
  }
  return all;
}

std::string_view kind_of(const Arrow& arrow) {
  if (arrow.status == 0) return arrow.method.empty() ? "failure" : "request";
  if (arrow.status < 200) return "provisional";
  return arrow.status < 300 ? "success" : "failure";
}

std::string label_of(const Arrow& arrow, bool several_calls) {
  std::string label = cut(arrow.label, limits::label_max);
  if (arrow.again) label += " (again)";
  if (several_calls) label = fmt::format("[{}] {}", arrow.call + 1, label);
  return label;
}

class Picture {
 public:
  explicit Picture(const Ladder& ladder) : ladder_(ladder) {
    for (const Arrow& each : ladder.arrows)
      if (each.remark.empty())
        spacing_ = std::max(spacing_, width(label_of(each, several())) * letter + 60);
    for (const std::string& each : ladder.participants)
      spacing_ = std::max(spacing_, width(each) * letter + 40);
    first_ = margin + time_width + spacing_ / 2;
  }

  std::string draw() const {
    const std::size_t count = std::max<std::size_t>(ladder_.participants.size(), 1);
    const std::size_t bottom = row(ladder_.arrows.size());
    const std::size_t legend = several() ? (ladder_.calls.size() + 1) * 18 : 0;
    const std::size_t wide = first_ + (count - 1) * spacing_ + spacing_ / 2 + margin;
    const std::size_t high = bottom + legend + margin;
    std::string text = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" "
        "viewBox=\"0 0 {0} {1}\" role=\"img\">\n  <title>SIP call flow from {2} on</title>\n",
        wide, high, time_text(ladder_.arrows.front().time));
    text += fmt::format(
        "  <style>\n{}{}    @media (prefers-color-scheme: dark) {{\n{}    }}\n  </style>\n", style,
        rules(light), rules(dark));
    text += fmt::format("  <rect class=\"ground\" width=\"{}\" height=\"{}\"/>\n", wide, high);
    for (std::size_t i = 0; i < ladder_.participants.size(); ++i)
      text += fmt::format(
          "  <text class=\"name\" x=\"{0}\" y=\"{1}\">{2}</text>\n"
          "  <line class=\"lifeline\" x1=\"{0}\" y1=\"{3}\" x2=\"{0}\" y2=\"{4}\"/>\n",
          column(i), margin + 12, escaped(ladder_.participants[i]), margin + 24, bottom);
    for (std::size_t i = 0; i < ladder_.arrows.size(); ++i)
      text += arrow(ladder_.arrows[i], row(i));
    for (std::size_t i = 0; several() && i < ladder_.calls.size(); ++i)
      text += fmt::format("  <text x=\"{}\" y=\"{}\">[{}] Call-ID {}</text>\n", margin,
                          bottom + (i + 1) * 18, i + 1, escaped(ladder_.calls[i]));
    return text + "</svg>\n";
  }

 private:
  bool several() const { return ladder_.calls.size() > 1; }
  std::size_t column(std::size_t i) const { return first_ + i * spacing_; }
  std::size_t row(std::size_t i) const { return head_height + (i + 1) * row_height; }

  std::string arrow(const Arrow& arrow, std::size_t y) const {
    const double seconds =
        std::chrono::duration<double>(arrow.time - ladder_.arrows.front().time).count();
    std::string text = fmt::format("  <text class=\"time\" x=\"{}\" y=\"{}\">{:.3f}</text>\n",
                                   margin, y + 4, seconds);
    if (!arrow.remark.empty())
      return text + fmt::format("  <text class=\"remark\" x=\"{}\" y=\"{}\">{}</text>\n",
                                margin + time_width, y + 4, escaped("! " + arrow.remark));
    text +=
        fmt::format("  <g class=\"arrow {}{}\">\n", kind_of(arrow), arrow.again ? " again" : "");
    text += fmt::format("    <title>{}&#10;{}, {}, Call-ID {}</title>\n", escaped(arrow.first_line),
                        time_text(arrow.time), to_string(arrow.transport),
                        escaped(ladder_.calls[arrow.call]));
    text += stroke(arrow, y);
    const std::string label = label_of(arrow, several());
    const std::size_t middle = arrow.from == arrow.to
                                   ? column(arrow.from) + 50 + width(label) * letter / 2
                                   : (column(arrow.from) + column(arrow.to)) / 2;
    return text + fmt::format("    <text x=\"{}\" y=\"{}\">{}</text>\n  </g>\n", middle, y - 6,
                              escaped(label));
  }

  std::string stroke(const Arrow& arrow, std::size_t y) const {
    const std::size_t from = column(arrow.from);
    const std::size_t to = column(arrow.to);
    if (arrow.from == arrow.to)
      return fmt::format(
          "    <path d=\"M {0} {1} h 36 v 10 h -36\"/>\n"
          "    <polygon points=\"{0},{2} {3},{4} {3},{5}\"/>\n",
          from, y - 4, y + 6, from + 8, y + 2, y + 10);
    const std::size_t back = from < to ? to - 8 : to + 8;
    return fmt::format(
        "    <line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>\n"
        "    <polygon points=\"{},{} {},{} {},{}\"/>\n",
        from, y, back, y, to, y, back, y - 4, back, y + 4);
  }

  const Ladder& ladder_;
  std::size_t spacing_ = spacing_min;
  std::size_t first_ = 0;  // where the first lifeline is
};

}  // namespace

std::string ladder_svg(const Ladder& ladder) {
  return ladder.arrows.empty() ? std::string{} : Picture(ladder).draw();
}

}  // namespace kith::tool
