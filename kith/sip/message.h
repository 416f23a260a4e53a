#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "kith/base/diagnostics.h"
#include "kith/base/result.h"
#include "kith/base/scanner.h"
#include "kith/base/writer.h"
#include "kith/sip/header.h"
#include "kith/sip/header_index.h"
#include "kith/sip/limits.h"
#include "kith/sip/scan.h"
#include "kith/sip/uri.h"
#include "kith/sip/word_end_map.h"

namespace kith::sip {

/// One header line: its name in its own spelling, its value without the blanks around it, unfolded.
struct Field {
  std::string_view name;
  std::string_view value;
  std::size_t offset = 0;  // where the value stands in what was read; of an unfolded one, the name
};

/// A request or a response: one buffer of bytes, and an index of the headers in it. Headers are
/// found by type; nothing is parsed before it is asked for. Views and fields point into the message
/// and are valid until it is changed, moved or destroyed. One that was moved from may only be
/// assigned or destroyed.
class Message {
 public:
  // With `= default`, std::expected would clear all of the index before it is filled.
  Message() {}  // NOLINT(modernize-use-equals-default)

  /// One whole message: start line, headers and body. A Content-Length shorter than what follows
  /// the headers cuts the body (RFC 3261 §18.3); for one that is longer see first_fault().
  /// Allocates nothing but for folded lines and more than 24 headers.
  static Result<Message> parse(std::string bytes, Mode mode = Mode::lenient);

  /// A start line and nothing else.
  static Message request(std::string_view method, std::string_view uri);
  /// The answer to a request: RFC 3261 §8.2.6.2. Has its Via, From, To, Call-ID and CSeq, blanks
  /// around semicolons left out; the To tag is for the caller to add. A 100 has its Timestamp too:
  /// RFC 3261 §8.2.6.1
  static Message response(const Message& request, int status, std::string_view reason = {});

  bool is_request() const { return status_ == 0; }
  std::string_view method() const { return slice(method_); }  // of a response: empty
  std::string_view request_uri() const { return slice(uri_); }
  /// The same as a URI that points into the message.
  Result<UriView> request_uri_view() const;
  int status() const { return status_; }  // 100 to 699; of a request: 0
  std::string_view reason() const { return slice(reason_); }
  std::string_view body() const { return slice(body_); }
  Mode mode() const { return mode_; }

  /// The first value of a header. Absent is fine, malformed is an Error, and so is a second line of
  /// a header that may be there only once. What was tolerated goes to the diagnostics.
  template <Header H>
  Result<std::optional<H>> get() const {
    return first<H, H>(nullptr);
  }
  template <Header H>
  Result<std::optional<H>> get(Diagnostics& diagnostics) const {
    return first<H, H>(&diagnostics);
  }
  /// As get(), without allocating: the text points into the message.
  template <Header H>
  Result<std::optional<typename H::View>> view() const {
    return first<H, typename H::View>(nullptr);
  }
  template <Header H>
  Result<std::optional<typename H::View>> view(Diagnostics& diagnostics) const {
    return first<H, typename H::View>(&diagnostics);
  }
  /// As get(), but absent is an Error too.
  template <Header H>
  Result<H> require() const;
  /// Every value, over all lines; at most values_max of them.
  template <Header H>
  Result<std::vector<H>> all() const {
    return collect<H>(nullptr);
  }
  template <Header H>
  Result<std::vector<H>> all(Diagnostics& diagnostics) const {
    return collect<H>(&diagnostics);
  }
  /// Every value as a view, without allocating: visit(view) for each; returns how many there are.
  /// It stops at the first that is malformed.
  template <Header H, class Visit>
  Result<std::size_t> each(Visit&& visit) const {
    return every<H, typename H::View>(nullptr, visit);
  }
  /// Takes one value off the scanner and keeps it there; false if it does not follow its grammar.
  using TakeValue = bool (*)(Scanner& in, void* there);
  /// The same for a header whose type is found at run time: see HeaderType in any_header.h.
  Result<std::size_t> take_each(const HeaderName& name, Diagnostics* diagnostics, TakeValue take,
                                void* there) const;

  template <Header H>
  bool has() const {
    return index_.find(key_of<H>, bytes_.data()) != HeaderIndex::none;
  }
  /// By name, in any case, full or compact.
  bool has(std::string_view name) const;
  /// The first line's value; "" if absent.
  std::string_view text(std::string_view name) const;

  /// In the place of the first of its name, the others removed; or at the end.
  template <Header H>
  void set(const H& header) {
    set_text(key_of<H>, written(header));
  }
  /// On a line of its own after the last of its name; or at the end.
  template <Header H>
  void add(const H& header) {
    add_text(key_of<H>, written(header));
  }
  /// On a line of its own before the first of its name; or at the top.
  template <Header H>
  void prepend(const H& header) {
    prepend_text(key_of<H>, written(header));
  }
  /// The first value, leaving others alone, even those on the same line.
  template <Header H>
  void replace_first(const H& header) {
    replace_first_text(key_of<H>, written(header));
  }
  template <Header H>
  void remove_first() {
    replace_first_text(key_of<H>, {});
  }
  template <Header H>
  void remove() {
    remove_all(key_of<H>);
  }
  void add(std::string_view name, std::string_view value);
  void set(std::string_view name, std::string_view value);
  void remove(std::string_view name);

  // By name as by type: in any case, a compact name finds the full one and the other way round. A
  // header without a type is never a list.
  /// The value of each line; the last line's is the last one.
  std::vector<std::string_view> texts(std::string_view name) const;
  void prepend(std::string_view name, std::string_view value);
  void replace_first(std::string_view name, std::string_view value);
  void replace_last(std::string_view name, std::string_view value);
  void remove_first(std::string_view name);
  void remove_last(std::string_view name);

  /// The last value of a header; as get().
  template <Header H>
  Result<std::optional<H>> last() const {
    std::optional<H> value;
    const Result<std::size_t> count = take_each(key_of<H>, H::name, nullptr, take_last<H>, &value);
    if (!count) return std::unexpected(count.error());
    return value;
  }
  /// The last value, leaving others alone, even those on the same line.
  template <Header H>
  void replace_last(const H& header) {
    replace_last_text(key_of<H>, written(header));
  }
  template <Header H>
  void remove_last() {
    replace_last_text(key_of<H>, {});
  }

  /// Lines by their number, 0 to field_count(): insert(0, h) is the top, insert(field_count(), h)
  /// the end.
  template <Header H>
  void insert(std::size_t line, const H& header) {
    insert_text(line, key_of<H>, written(header));
  }
  void insert(std::size_t line, std::string_view name, std::string_view value);
  /// Before the first line of Anchor, or after its last one; at the end if there is none.
  template <Header Anchor, Header H>
  void insert_before(const H& header) {
    insert(first_line(key_of<Anchor>).value_or(field_count()), header);
  }
  template <Header Anchor, Header H>
  void insert_after(const H& header) {
    const std::optional<std::size_t> last = last_line(key_of<Anchor>);
    insert(last ? *last + 1 : field_count(), header);
  }
  std::optional<std::size_t> first_line(std::string_view name) const;
  std::optional<std::size_t> last_line(std::string_view name) const;
  void remove_line(std::size_t line);
  /// Each name once, in the order of first lines, as the first line spells it.
  std::vector<std::string_view> names() const;

  /// Of a request, CSeq goes along; of a response nothing happens.
  void set_method(std::string_view method);
  /// 100 to 699, of a response; no reason means the phrase of the status.
  void set_status(int status, std::string_view reason = {});
  /// Also what described it: Content-Type, -Disposition, -Encoding, -Language, -ID. Content-Length
  /// is 0.
  void remove_body();

  /// The same start line and body, and of each header the same values in the same order. The order
  /// of different headers means nothing (RFC 3261 §7.3.1), and a Content-Length says what the body
  /// says. See identical().
  friend bool operator==(const Message& a, const Message& b);

  void set_request_uri(std::string_view uri);
  /// Adds or changes the tag of To.
  void set_to_tag(std::string_view tag);
  /// Also Content-Length and Content-Type; without a body there is no Content-Type.
  void set_body(std::string_view content_type, std::string_view body);

  /// A message that was not changed: the very bytes that were read. Otherwise with long names as
  /// they came, one blank after the colon, nothing folded. Always with a Content-Length.
  std::string write() const;
  void write_to(std::string& out) const;
  /// With the compact name of each header that has one, where bytes are dear: RFC 3261 §7.3.3
  std::string write_compact() const;

  /// What parse() tolerated in start line, header lines and framing.
  const Diagnostics& diagnostics() const { return diagnostics_; }

  std::size_t field_count() const { return index_.size(); }
  Field field(std::size_t i) const;

 private:
  template <class H>
  static constexpr HeaderKey key_of{H::name.full, H::name.compact, H::name.multi};

  std::string_view slice(Slice where) const { return {bytes_.data() + where.offset, where.length}; }
  std::string_view name_at(std::size_t i) const {
    return slice({index_[i].name, index_[i].name_length});
  }
  std::string_view value_at(std::size_t i) const { return value_of(index_[i]); }
  std::string_view value_of(const HeaderEntry& entry) const {
    return slice({entry.value, entry.value_length});
  }
  /// Where a value stands in what was read; of an unfolded one, where its name does.
  std::size_t offset_of(const HeaderEntry& entry) const {
    return entry.value < original_ ? entry.value : entry.name;
  }
  std::size_t offset_at(std::size_t i) const { return offset_of(index_[i]); }

  [[gnu::always_inline]] Scanner scanner_at(const HeaderEntry& entry, std::string_view where,
                                            Diagnostics* diagnostics) const {
    if (const WordEnds word_ends = word_ends_.around(entry.value))
      return {word_ends, bytes_.data(), value_of(entry), mode_, where, diagnostics};
    return Scanner(value_of(entry), mode_, where, diagnostics, offset_of(entry));
  }
  /// Whether what is usual in the text there may be read with cursor_at(): as in Scanner.
  bool may_be_usual(std::size_t offset) const {
    return mode_ != Mode::strict && word_ends_.has(offset);
  }
  [[gnu::always_inline]] Cursor cursor_at(Slice text) const {
    const char* const begin = bytes_.data() + text.offset;
    return {word_ends_.around(text.offset), bytes_.data(), begin, begin + text.length};
  }

  // message_read.cpp
  std::optional<Error> read_all();
  std::optional<Error> read_usual_lines();
  std::optional<Error> read_lines(std::size_t start);
  std::optional<Error> read_start_line(std::size_t begin, std::size_t end);
  bool read_usual_request_line(std::size_t end);
  std::optional<Error> read_status_line(Scanner& in);
  std::optional<Error> read_line(const Line& line);
  std::optional<Error> fold(const Line& line);
  std::optional<Error> judge(const Line& line);
  void cut_body(std::size_t from);
  bool allow(std::string_view rule, std::string_view where, std::size_t offset);

  template <class H, class Form>
  Result<std::optional<Form>> first(Diagnostics* diagnostics) const;
  /// Fills a value that is there, or takes it away if the header is empty.
  template <class H, class Form>
  [[gnu::noinline]] std::optional<Error> read_first(const HeaderEntry& entry,
                                                    std::optional<Form>& value,
                                                    Diagnostics* diagnostics) const;
  template <class H, class Form, class Visit>
  Result<std::size_t> every(Diagnostics* diagnostics, Visit&& visit) const;
  template <class H>
  Result<std::vector<H>> collect(Diagnostics* diagnostics) const;
  template <class H>
  static bool take_last(Scanner& in, void* there);
  template <class H>
  static bool take_another(Scanner& in, void* there);
  // message_by_name.cpp
  Result<std::size_t> take_each(const HeaderKey& key, const HeaderName& name,
                                Diagnostics* diagnostics, TakeValue take, void* there) const;

  // message_edit.cpp
  void write_start_line(std::string& out) const;
  Slice append(std::string_view text);
  HeaderEntry append_line(const HeaderKey& key, std::string_view value);
  void set_text(const HeaderKey& key, std::string_view value);
  void add_text(const HeaderKey& key, std::string_view value);
  void prepend_text(const HeaderKey& key, std::string_view value);
  void replace_first_text(const HeaderKey& key, std::string_view value);
  void replace_last_text(const HeaderKey& key, std::string_view value);
  void replace_line(std::size_t at, const HeaderKey& key, std::string_view before,
                    std::string_view after);
  void insert_text(std::size_t line, const HeaderKey& key, std::string_view value);
  std::optional<std::size_t> first_line(const HeaderKey& key) const;
  std::optional<std::size_t> last_line(const HeaderKey& key) const;
  void remove_all(const HeaderKey& key, std::size_t from = 0);
  void copy_lines(const Message& from, const HeaderKey& key);

  std::string bytes_;
  HeaderIndex index_;
  WordEndMap word_ends_;
  Slice method_;
  Slice uri_;
  Slice reason_;
  Slice body_;
  std::uint32_t original_ = 0;  // bytes as they were read, before anything was appended
  std::int16_t status_ = 0;
  Mode mode_ = Mode::lenient;
  bool changed_ = true;
  Diagnostics diagnostics_;
};

/// Whether a list of tokens such as Supported or Require holds this one: lists<Supported>(request,
/// "eventlist"). Compared without regard to case; a list that is malformed holds nothing.
template <Header H>
bool lists(const Message& message, std::string_view token);

/// Whether both are the same as far as transactions go, whatever else they say: start line but for
/// the reason, Via, From, To, Call-ID, CSeq and Max-Forwards.
bool same_transaction_fields(const Message& a, const Message& b);

/// Whether both are the same bytes on the wire.
bool identical(const Message& a, const Message& b);

/// The first thing that makes a message unanswerable as it should be: a mandatory header that is
/// missing, malformed or there twice, a CSeq of another method, a body cut short.
/// RFC 3261 §8.1.1, §8.2, §18.3. For all that is wrong see check() in kith/sip/check.h.
std::optional<Error> first_fault(const Message& message);

/// The SIP status that answers a request with this fault.
int status_of(const Error& error);
/// "OK" for 200; for one that no RFC here names, the phrase of its class.
std::string_view reason_phrase(int status);

}  // namespace kith::sip

#include "kith/sip/message_inline.h"
