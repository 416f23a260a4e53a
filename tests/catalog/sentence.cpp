#include "tests/catalog/sentence.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <numeric>
#include <utility>

namespace kith::grammar {

namespace {

class Maker {
 public:
  explicit Maker(SeededRandom& random) : random_(random) {}

  void add(const Part& part) {
    switch (part.kind) {
      case Part::Kind::text:
        return add_text(part);
      case Part::Kind::bytes:
        text_ += static_cast<char>(part.least + below(part.most - part.least + 1));
        return;
      case Part::Kind::set:
        text_ += part.text[below(part.text.size())];
        return;
      case Part::Kind::sequence:
        for (const Part& each : part.parts) add(each);
        return;
      case Part::Kind::choice:
        return add(part.parts[below(part.parts.size())]);
      case Part::Kind::any_of:
        return add_any_of(part);
      case Part::Kind::repeat:
        for (std::uint64_t n = times(part); n > 0; --n) add(part.parts.front());
        return;
      case Part::Kind::rule:
        ++depth_;
        add(*part.meant);
        --depth_;
        return;
      case Part::Kind::number:
        return add_number(part.least, part.most);
      case Part::Kind::fresh:
        text_ += std::to_string(fresh_++);
        return;
      case Part::Kind::date:
        return add_date();
    }
  }

  std::string take() { return std::move(text_); }

 private:
  static constexpr int depth_max = 50;  // beyond, nothing is repeated that need not be

  /// As SeededRandom::below, without its division: most of the time goes here.
  std::uint64_t below(std::uint64_t bound) { return (random_.next() >> 32U) * bound >> 32U; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }

  void add_text(const Part& part) {
    if (!part.in_any_case || !one_in(4)) {
      text_ += part.text;
      return;
    }
    for (const char c : part.text) {
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      text_ += letter && one_in(2) ? static_cast<char>(c ^ ' ') : c;
    }
  }

  /// Where there is no end: few, and now and then many.
  std::uint64_t times(const Part& part) {
    if (depth_ > depth_max) return part.least;
    if (part.most != unbounded) return part.least + below(part.most - part.least + 1);
    if (one_in(64)) return part.least + below(40);
    return part.least + (one_in(2) ? 0 : below(7));
  }

  void add_any_of(const Part& part) {
    std::vector<std::size_t> order(part.parts.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[below(i)]);
    for (const std::size_t i : order)
      if (one_in(2)) add(part.parts[i]);
  }

  /// Small ones, and the ends of the range, more often.
  void add_number(std::uint64_t least, std::uint64_t most) {
    std::uint64_t value = random_.next() >> below(64);
    if (one_in(8)) value = one_in(2) ? least : most;
    if (value < least || value > most) value = least + value % (most - least + 1);
    text_ += std::to_string(value);
  }

  void add_two_digits(std::uint64_t number) {
    if (number < 10) text_ += '0';
    text_ += std::to_string(number);
  }

  void add_date() {
    using namespace std::chrono;
    constexpr std::array days_of_week{"Sun, ", "Mon, ", "Tue, ", "Wed, ",
                                      "Thu, ", "Fri, ", "Sat, "};
    constexpr std::array months{" Jan ", " Feb ", " Mar ", " Apr ", " May ", " Jun ",
                                " Jul ", " Aug ", " Sep ", " Oct ", " Nov ", " Dec "};
    const sys_days day{days{below(106'000)}};  // to 2260
    const year_month_day date{day};
    text_ += days_of_week[weekday{day}.c_encoding()];
    add_two_digits(unsigned{date.day()});
    text_ += months[unsigned{date.month()} - 1];
    text_.append(std::to_string(int{date.year()})).append(" ");
    add_two_digits(below(24));
    text_ += ':';
    add_two_digits(below(60));
    text_ += ':';
    add_two_digits(below(61));
    text_ += " GMT";
  }

  SeededRandom& random_;
  std::string text_;
  int fresh_ = 0;
  int depth_ = 0;
};

}  // namespace

std::string made_of(const Part& part, SeededRandom& random) {
  Maker maker(random);
  maker.add(part);
  return maker.take();
}

}  // namespace kith::grammar
