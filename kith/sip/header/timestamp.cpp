#include "kith/sip/header/timestamp.h"

#include <limits>

#include "kith/base/ensure.h"
#include "kith/sip/shape/decimal.h"

namespace kith::sip {

namespace {

constexpr unsigned places_max = 9;  // nanoseconds
constexpr std::uint64_t nanoseconds_of_a_second = 1'000'000'000;

/// *DIGIT [ "." *DIGIT ]
std::string_view take_decimal(Scanner& in) {
  const char* const start = in.position();
  in.run(digits);
  if (in.next('.')) in.run(digits);
  return in.since(start);
}

std::optional<Duration> duration_of(std::string_view text) {
  Scanner in(text);
  std::uint64_t whole = 0;
  if (digits[in.peek()] && !in.number(whole)) return std::nullopt;
  if (whole >= static_cast<std::uint64_t>(std::numeric_limits<Duration::rep>::max()) /
                   nanoseconds_of_a_second)
    return std::nullopt;
  const std::uint64_t part = in.next('.') ? fraction(in.rest(), places_max) : 0;
  return Duration{static_cast<Duration::rep>(whole * nanoseconds_of_a_second + part)};
}

std::string decimal(Duration duration) {
  ensure(duration >= Duration::zero());
  Writer out;
  write_decimal(out, static_cast<std::uint64_t>(duration.count()), places_max);
  return out.take();
}

}  // namespace

bool read(Scanner& in, TimestampView& to) {
  if (!digits[in.peek()]) return false;
  to.time_text = take_decimal(in);
  const char* const end = in.position();
  if (in.space()) to.delay_text = take_decimal(in);
  if (to.delay_text.empty()) in.move_to(end);
  return true;
}

template <class Text>
void BasicTimestamp<Text>::write(Writer& out) const {
  out << time_text;
  if (!delay_text.empty()) out << ' ' << delay_text;
}

template <class Text>
std::optional<Duration> BasicTimestamp<Text>::time() const {
  return duration_of(time_text);
}

template <class Text>
std::optional<Duration> BasicTimestamp<Text>::delay() const {
  if (delay_text.empty()) return std::nullopt;
  return duration_of(delay_text);
}

template <class Text>
void BasicTimestamp<Text>::set_time(Duration time)
  requires Owning<Text>
{
  time_text = decimal(time);
}

template <class Text>
void BasicTimestamp<Text>::set_delay(Duration delay)
  requires Owning<Text>
{
  delay_text = decimal(delay);
}

template struct BasicTimestamp<std::string>;
template struct BasicTimestamp<std::string_view>;

}  // namespace kith::sip
