// Codings of a body: anything at all is decoded within its bound or refused, and what was encoded
// is decoded to what it was. The first byte says which coding, the second the bound.

#include "kith/sip/deflate.h"

#include <array>

#include "fuzz/target.h"

using namespace kith;

namespace {

constexpr std::array codings{sip::ContentCoding::deflate, sip::ContentCoding::gzip,
                             sip::ContentCoding::identity};

void turn_round(sip::ContentCoding coding, std::string_view text) {
  const Result<std::string> again =
      sip::decode(coding, sip::encode(coding, text), text.size(), Mode::strict);
  ensure(again.has_value());
  ensure(*again == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const sip::ContentCoding coding = codings[input.byte() % codings.size()];
  const std::size_t bound = std::size_t{input.byte()} * 256U;
  const std::string_view coded = input.rest();
  for (const Mode mode : {Mode::strict, Mode::lenient}) {
    const Result<std::string> text = sip::decode(coding, coded, bound, mode);
    if (!text) continue;
    ensure(text->size() <= bound);
    turn_round(coding, *text);
  }
  turn_round(coding, coded);
  return 0;
}
