#include "kith/sip/deflate.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <span>

#include "kith/base/ensure.h"
#include "kith/base/text.h"

namespace kith::sip {

namespace {

constexpr std::string_view header_name = "Content-Encoding";

// What zlib calls the format: the number of window bits, and which wrapping is around the data.
constexpr int window_bits = 15;
constexpr int zlib_format = window_bits;
constexpr int gzip_format = window_bits + 16;
constexpr int bare_format = -window_bits;

/// zlib's interface is older than const.
Bytef* bytes_of(std::string_view text) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
}

class Inflater {
 public:
  explicit Inflater(int format) { ensure(inflateInit2(&stream_, format) == Z_OK); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream_); }

  /// One stream from the beginning of the data, put behind `out`; `out` never exceeds size_max. The
  /// data loses what was read.
  std::optional<Fault> run(std::string_view& data, std::string& out, std::size_t size_max) {
    inflateReset(&stream_);
    stream_.next_in = bytes_of(data);
    stream_.avail_in = static_cast<uInt>(data.size());
    int status = Z_OK;
    while (status == Z_OK) {
      std::array<char, 16 * 1024> chunk;
      // One byte more than may be, to tell a body that just fits from one that does not.
      const std::size_t most = std::min(chunk.size() - 1, size_max - out.size()) + 1;
      stream_.next_out = reinterpret_cast<Bytef*>(chunk.data());
      stream_.avail_out = static_cast<uInt>(most);
      status = inflate(&stream_, Z_NO_FLUSH);
      const std::size_t made = most - stream_.avail_out;
      if (made > size_max - out.size()) return Fault::too_long;
      out.append(chunk.data(), made);
    }
    data.remove_prefix(data.size() - stream_.avail_in);
    return status == Z_STREAM_END ? std::nullopt : std::optional{Fault::malformed};
  }

 private:
  z_stream stream_{};
};

/// Streams of one format, one behind the other if it is gzip: RFC 1952 §2.2
std::optional<Fault> inflate_all(int format, std::string_view& data, std::string& out,
                                 std::size_t size_max) {
  Inflater inflater(format);
  out.clear();
  do {
    if (const auto fault = inflater.run(data, out, size_max)) return fault;
  } while (format == gzip_format && data.starts_with("\x1f\x8b"));
  return std::nullopt;
}

}  // namespace

std::optional<ContentCoding> content_coding(std::string_view token) {
  if (equal_ignoring_case(token, "identity")) return ContentCoding::identity;
  if (equal_ignoring_case(token, "gzip") || equal_ignoring_case(token, "x-gzip"))
    return ContentCoding::gzip;
  if (equal_ignoring_case(token, "deflate")) return ContentCoding::deflate;
  return std::nullopt;
}

Result<std::string> decode(ContentCoding coding, std::string_view data, std::size_t size_max,
                           Mode mode, Diagnostics* diagnostics) {
  const auto allow = [mode, diagnostics](std::string_view rule, std::size_t offset) {
    if (mode == Mode::lenient && diagnostics != nullptr) diagnostics->add({rule, "body", offset});
    return mode == Mode::lenient;
  };
  if (data.size() > message_size_max) return refuse(Fault::too_long, "body", message_size_max);
  if (coding == ContentCoding::identity) {
    if (data.size() > size_max) return refuse(Fault::too_long, "body", size_max);
    return std::string{data};
  }
  const int format = coding == ContentCoding::gzip ? gzip_format : zlib_format;
  std::string out;
  std::string_view rest = data;
  std::optional<Fault> fault = inflate_all(format, rest, out, size_max);
  if (fault == Fault::malformed && coding == ContentCoding::deflate && out.empty() &&
      mode == Mode::lenient) {
    rest = data;
    fault = inflate_all(bare_format, rest, out, size_max);
    if (fault != Fault::malformed) allow("deflate without the zlib header", 0);
  }
  const std::size_t read = data.size() - rest.size();
  if (fault) return refuse(*fault, "body", read);
  if (!rest.empty() && !allow("bytes after the compressed body", read))
    return refuse(Fault::malformed, "body", read);
  return out;
}

std::string encode(ContentCoding coding, std::string_view data) {
  if (coding == ContentCoding::identity) return std::string{data};
  ensure(data.size() <= message_size_max);
  z_stream stream{};
  const int format = coding == ContentCoding::gzip ? gzip_format : zlib_format;
  constexpr int memory_level = 8;
  ensure(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, format, memory_level,
                      Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, data.size()), '\0');
  stream.next_in = bytes_of(data);
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int status = deflate(&stream, Z_FINISH);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  ensure(status == Z_STREAM_END);
  return out;
}

namespace {

/// The codings that all Content-Encoding lines list, in the order in which they were applied.
class Codings {
 public:
  /// Content-Encoding = content-coding *( COMMA content-coding ): RFC 3261 §25.1
  std::optional<Error> add(std::string_view list, Mode mode, Diagnostics* diagnostics) {
    Scanner in(list, mode, header_name, diagnostics);
    do {
      in.blanks();
      std::string_view token;
      if (!in.token(token)) {
        if (!in.allow("empty list element")) return in.error();
      } else if (const auto known = content_coding(token); !known) {
        return Error{Fault::unsupported, header_name};
      } else if (count_ == codings_.size()) {
        return Error{Fault::too_many, header_name};
      } else {
        codings_[count_++] = *known;
      }
      in.blanks();
    } while (in.next(','));
    return in.at_end() ? std::nullopt : std::optional{in.error()};
  }
  std::span<const ContentCoding> all() const { return std::span{codings_}.first(count_); }

 private:
  std::array<ContentCoding, content_codings_max> codings_{};
  std::size_t count_ = 0;
};

}  // namespace

Result<std::string_view> decoded_body(const Message& message, std::string& storage,
                                      std::size_t size_max, Diagnostics* diagnostics) {
  Codings codings;
  for (std::size_t i = 0; i < message.field_count(); ++i) {
    const Field field = message.field(i);
    if (!equal_ignoring_case(field.name, header_name) && !equal_ignoring_case(field.name, "e"))
      continue;
    if (const auto error = codings.add(field.value, message.mode(), diagnostics))
      return std::unexpected(*error);
  }
  std::string_view body = message.body();
  if (body.empty()) return body;
  const auto applied = codings.all();
  for (auto coding = applied.rbegin(); coding != applied.rend(); ++coding) {
    if (*coding == ContentCoding::identity) continue;
    Result<std::string> decoded = decode(*coding, body, size_max, message.mode(), diagnostics);
    if (!decoded) return std::unexpected(decoded.error());
    storage = std::move(*decoded);
    body = storage;
  }
  return body;
}

}  // namespace kith::sip
