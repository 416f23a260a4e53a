#include "kith/sip/header/date.h"

#include <array>
#include <chrono>
#include <string>

namespace kith::sip {

namespace {

using std::chrono::floor;

constexpr std::array<std::string_view, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

template <std::size_t N>
bool one_of(Scanner& in, const std::array<std::string_view, N>& names, unsigned& index) {
  for (index = 0; index < N; ++index)
    if (in.keyword(names[index])) return true;
  return false;
}

bool fixed_digits(Scanner& in, std::size_t count, unsigned& out) {
  const std::string_view text = in.rest().substr(0, count);
  Scanner number(text);
  if (text.size() != count || !number.number(out) || !number.at_end()) return false;
  in.skip(count);
  return true;
}

std::string padded(unsigned number) {
  std::string text = std::to_string(number);
  return text.size() < 2 ? "0" + text : text;
}

}  // namespace

std::optional<Date> Date::parse(Scanner& in) {
  using namespace std::chrono;
  unsigned weekday_index = 0, d = 0, m = 0, y = 0, h = 0, min = 0, s = 0;
  if (!one_of(in, weekdays, weekday_index) || !in.next(',') || !in.next(' ')) return std::nullopt;
  if (!fixed_digits(in, 2, d) || !in.next(' ') || !one_of(in, months, m) || !in.next(' '))
    return std::nullopt;
  if (!fixed_digits(in, 4, y) || !in.next(' ') || !fixed_digits(in, 2, h) || !in.next(':'))
    return std::nullopt;
  if (!fixed_digits(in, 2, min) || !in.next(':') || !fixed_digits(in, 2, s)) return std::nullopt;
  if (!in.next(' ') || !in.keyword("GMT")) return std::nullopt;
  const year_month_day date{year{static_cast<int>(y)}, month{m + 1}, day{d}};
  if (!date.ok() || y < 1970 || y > 2261 || h > 23 || min > 59 || s > 60) return std::nullopt;
  if (weekday{sys_days{date}}.c_encoding() != weekday_index && !in.allow("wrong day of the week"))
    return std::nullopt;
  const auto since_1970 = sys_days{date}.time_since_epoch() + hours{h} + minutes{min} + seconds{s};
  if (since_1970 >= sys_days{year{2262} / January / 1}.time_since_epoch()) return std::nullopt;
  return Date{Time{duration_cast<Duration>(since_1970)}};
}

void Date::write(Writer& out) const {
  using namespace std::chrono;
  const sys_seconds at = utc();
  const sys_days day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss clock{at - day};
  out << weekdays[weekday{day}.c_encoding()] << ", " << padded(unsigned{date.day()}) << ' '
      << months[unsigned{date.month()} - 1] << ' '
      << static_cast<unsigned>(static_cast<int>(date.year())) << ' '
      << padded(static_cast<unsigned>(clock.hours().count())) << ':'
      << padded(static_cast<unsigned>(clock.minutes().count())) << ':'
      << padded(static_cast<unsigned>(clock.seconds().count())) << " GMT";
}

}  // namespace kith::sip
