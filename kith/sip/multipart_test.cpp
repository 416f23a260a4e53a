#include "kith/sip/multipart.h"

#include <doctest/doctest.h>

#include <array>
#include <string>

#include "kith/base/random.h"
#include "kith/sip/header/content_id.h"
#include "kith/sip/header/content_transfer_encoding.h"

using namespace kith;
using namespace kith::sip;

namespace {

ContentTypeView type_of(std::string_view text) {
  Scanner in(text, Mode::strict);
  const auto type = ContentTypeView::parse(in);
  REQUIRE(type);
  return *type;
}

Result<Multipart> read(std::string_view body, Mode mode = Mode::strict,
                       std::string_view type = "multipart/mixed;boundary=b") {
  return Multipart::parse(body, type_of(type), mode);
}

/// The list and one of the documents that [MS-SIP] describes, in its unusual spelling.
const std::string batch =
    "--b7\r\nContent-Transfer-Encoding: binary\r\nContent-ID: resourceList\r\n"
    "Content-Type: application/rlmi+xml\r\n\r\n<list/>\r\n"
    "--b7\r\nContent-Transfer-Encoding: binary\r\nContent-ID: ines@lab.example\r\n"
    "Content-Type: text/xml+msrtc.pidf\r\n\r\n<presentity/>\r\n--b7--\r\n";

}  // namespace

TEST_CASE("RFC 2046 §5.1.1: preamble, parts, and epilogue") {
  const std::string body =
      "to be ignored\r\n--b\r\n\r\nplain\r\n\r\n--b  \r\nContent-Type: text/html\r\nX: y\r\n\r\n"
      "<p>\r\n--b-- \r\nand this\r\n--b\r\n";
  for (const Mode mode : {Mode::strict, Mode::lenient}) {
    const auto parts = read(body, mode);
    REQUIRE(parts);
    REQUIRE(parts->size() == 2);
    CHECK((*parts)[0].head.empty());
    CHECK((*parts)[0].content == "plain\r\n");
    CHECK((*parts)[0].content_type()->is("text/plain"));
    CHECK((*parts)[1].content == "<p>");
    CHECK((*parts)[1].content_type()->is("text/html"));
    CHECK((*parts)[1].text("x") == "y");
    CHECK((*parts)[1].text("absent").data() == nullptr);
    CHECK((*parts)[1].content.data() == body.data() + body.find("<p>"));
    CHECK(parts->diagnostics().empty());
  }
}

TEST_CASE("RFC 2046 §5.1.1: the corners of the grammar") {
  struct Case {
    std::string_view body;
    std::string_view head;
    std::string_view content;
  };
  const std::array cases{
      Case{"--b\r\n\r\n\r\n--b--", "", ""},
      Case{"--b\r\n\r\n--b--", "", ""},
      Case{"--b\r\nX: y\r\n\r\n--b--", "X: y\r\n", ""},
      Case{"--b\r\nX: y\r\n\r\n\r\n--b--", "X: y\r\n", ""},
      Case{"--b\r\n\r\n--\r\n -b\r\n--b--", "", "--\r\n -b"},
      Case{"--b\r\n\r\na --b\r\n--b--", "", "a --b"},
      Case{"--b\r\n\r\n\n\r\n--b--\r\n", "", "\n"},
      Case{"\r\n--b\r\n\r\nx\r\n--b--\r\n", "", "x"},
      Case{"--b\r\nX :y\r\nZ:\r\n\r\nx\r\n--b--\r\n", "X :y\r\nZ:\r\n", "x"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.body);
    const auto parts = read(each.body);
    REQUIRE(parts);
    REQUIRE(parts->size() == 1);
    CHECK((*parts)[0].head == each.head);
    CHECK((*parts)[0].content == each.content);
  }
}

TEST_CASE("RFC 2046 §5.1: what is no multipart is refused in both modes") {
  struct Case {
    std::string_view body;
    Fault fault;
    std::string_view where;
  };
  const std::array cases{
      Case{"", Fault::missing, "boundary"},
      Case{"text", Fault::missing, "boundary"},
      Case{"-- b\r\n\r\nx\r\n-- b--", Fault::missing, "boundary"},
      Case{"--c\r\n\r\nx\r\n--c--", Fault::missing, "boundary"},
      Case{"--b\r\nno colon\r\n\r\nx\r\n--b--", Fault::malformed, "part"},
      Case{"--b\r\n: no name\r\n\r\nx\r\n--b--", Fault::malformed, "part"},
      Case{"--b\r\n na: me\r\n\r\nx\r\n--b--", Fault::malformed, "part"},
      Case{"--b\r\nn(me: x\r\n\r\nx\r\n--b--", Fault::malformed, "part"},
  };
  for (const Case& each : cases) {
    for (const Mode mode : {Mode::strict, Mode::lenient}) {
      CAPTURE(each.body);
      const auto parts = read(each.body, mode);
      REQUIRE_FALSE(parts);
      CHECK(parts.error().fault == each.fault);
      CHECK(parts.error().where == each.where);
    }
  }
}

TEST_CASE("a multipart that was put together carelessly is read leniently, and noted") {
  struct Case {
    std::string_view body;
    std::string_view rule;
    std::size_t parts;
    std::string_view last;
  };
  const std::array cases{
      Case{"--b\r\n\r\nx", "no closing boundary", 1, "x"},
      Case{"--b\r\n\r\nx\r\n--b\r\n\r\ny\r\n", "no closing boundary", 2, "y\r\n"},
      Case{"--b\r\n\r\nx\r\n--b", "no closing boundary", 1, "x\r\n--b"},
      Case{"--b\n\nx\n--b--\n", "line ended by LF alone", 1, "x"},
      Case{"--b\r\n\r\nx\n--b--", "line ended by LF alone", 1, "x"},
      Case{"--b\r\nX: y\n\r\nx\r\n--b--", "line ended by LF alone", 1, "x"},
      Case{"--b\r\n--b--", "part without a line", 1, ""},
      Case{"--b\r\nX: y\r\n--b--", "header line without an end", 1, ""},
      Case{"--b\r\n\r\nx\r\n--b-1\r\n--b--", "line that begins with the boundary", 1, "x\r\n--b-1"},
      Case{"--b--", "no part", 0, ""},
  };
  for (const Case& each : cases) {
    CAPTURE(each.body);
    CHECK_FALSE(read(each.body, Mode::strict));
    const auto parts = read(each.body, Mode::lenient);
    REQUIRE(parts);
    REQUIRE(parts->size() == each.parts);
    CHECK(parts->diagnostics().contains(each.rule));
    if (each.parts > 0) CHECK((*parts)[each.parts - 1].content == each.last);
  }
}

TEST_CASE("RFC 2046 §5.1.1: the boundary is honoured as it is written in Content-Type") {
  const std::string body = "--a =:b\r\n\r\nx\r\n--a =:b--";
  CHECK(read(body, Mode::strict, "multipart/mixed; boundary=\"a =:b\"")->size() == 1);
  CHECK(read(body, Mode::strict, "Multipart/Odd; BOUNDARY=\"a \\=:b\"")->size() == 1);
  struct Case {
    std::string_view type;
    Fault fault;
  };
  const std::array cases{
      Case{"text/plain;boundary=b", Fault::unsupported},
      Case{"multipart/mixed", Fault::missing},
      Case{"multipart/mixed;boundary=\"\"", Fault::missing},
      Case{"multipart/mixed;boundary", Fault::missing},
      Case{"multipart/mixed;boundary=\"b \"", Fault::malformed},
  };
  for (const Case& each : cases) {
    CAPTURE(each.type);
    for (const Mode mode : {Mode::strict, Mode::lenient})
      CHECK(read("--b\r\n\r\nx\r\n--b--", mode, each.type).error().fault == each.fault);
  }
  constexpr std::string_view odd = "multipart/mixed;boundary=a*b";
  CHECK_FALSE(read("--a*b\r\n\r\nx\r\n--a*b--", Mode::strict, odd));
  CHECK(read("--a*b\r\n\r\nx\r\n--a*b--", Mode::lenient, odd)->diagnostics().size() == 1);
}

TEST_CASE("a part's headers are read by type, folded or not") {
  const auto parts = read(
      "--b\r\nContent-Type: multipart/related;\r\n boundary=c\r\nContent-ID:\r\n\t<a@b>\r\n"
      "content-transfer-encoding: 8bit\r\n\r\nx\r\n--b\r\nContent-ID: <\r\n\r\ny\r\n"
      "--b\r\nContent-Type: a/b\r\nContent-Type: c/d\r\n\r\nz\r\n--b--\r\n");
  REQUIRE(parts);
  const Multipart moved = std::move(const_cast<Multipart&>(*parts));
  const BodyPart& first = moved[0];
  CHECK(first.view<ContentType>().value()->params.find("boundary") == "c");
  CHECK(first.content_id == "a@b");
  CHECK(first.get<ContentId>().value()->id == "a@b");
  CHECK(first.get<ContentTransferEncoding>().value()->is_identity());
  CHECK_FALSE(moved[1].get<ContentType>().value());
  const auto malformed = moved[1].get<ContentId>();
  REQUIRE_FALSE(malformed);
  CHECK(malformed.error().offset == moved[1].offset + 13);
  CHECK(moved[2].get<ContentType>().error().fault == Fault::duplicate);
  CHECK_FALSE(moved[2].content_type());
  CHECK(moved.diagnostics().contains("folded line"));
}

TEST_CASE("the documents of a batch are found by the cid in the list") {
  const auto parts =
      read(batch, Mode::lenient,
           "multipart/related;type=\"application/rlmi+xml\";start=resourceList;boundary=b7");
  REQUIRE(parts);
  CHECK(parts->root() == &(*parts)[0]);
  CHECK(parts->find("ines@lab.example") == &(*parts)[1]);
  CHECK(parts->find("<ines@lab.example>") == &(*parts)[1]);
  CHECK(parts->find("cid:ines%40lab.example") == &(*parts)[1]);
  for (const std::string_view other :
       {"", "<>", "cid:", "ines@lab", "ines%40lab.example", "cid:ines@lab.example.", "walt"})
    CHECK(parts->find(other) == nullptr);
}

TEST_CASE("RFC 2387 §3.2: the root is what start names, or the first part") {
  const std::string type = "multipart/related;boundary=b7";
  CHECK(read(batch, Mode::lenient, type)->root()->content == "<list/>");
  CHECK(read(batch, Mode::lenient, type + ";start=\"<ines@lab.example>\"")->root()->content ==
        "<presentity/>");
  CHECK(read(batch, Mode::lenient, type + ";start=\"<nobody@x>\"")->root() == nullptr);
}

TEST_CASE("RFC 2046 §5.1.4: of alternatives the last one that is understood is the best") {
  const auto parts = read(
      "--b\r\n\r\n1\r\n--b\r\nContent-Type: a/b\r\n\r\n2\r\n--b\r\nContent-Type: c/d\r\n\r\n3"
      "\r\n--b--");
  REQUIRE(parts);
  const auto is = [](std::string_view type) {
    return [type](const BodyPart& part) { return part.content_type()->is(type); };
  };
  CHECK(parts->best(is("a/b"))->content == "2");
  CHECK(parts->best([](const BodyPart&) { return true; })->content == "3");
  CHECK(parts->best(is("e/f")) == nullptr);
}

TEST_CASE("RFC 2046 §5.1.5: in a digest a part without a type is a message") {
  const auto parts = read("--b\r\n\r\nx\r\n--b--", Mode::strict, "multipart/digest;boundary=b");
  CHECK((*parts)[0].content_type()->is("message/rfc822"));
}

TEST_CASE("RFC 2046 §5.1.2: multiparts nest, as deep as the limit") {
  std::string body = "innermost";
  std::string type = "text/plain";
  for (std::size_t i = 0; i <= multipart_depth_max; ++i) {
    MultipartWriter writer;
    writer.add_lines("Content-Type: " + type + "\r\n", body);
    const auto made = writer.write("mixed", "b");
    body = made.body;
    type = written(made.type);
  }
  auto parts = read(body, Mode::strict, type);
  for (std::size_t i = 1; i < multipart_depth_max; ++i) {
    REQUIRE(parts);
    parts = parts->nested((*parts)[0]);
  }
  REQUIRE(parts);
  CHECK(parts->nested((*parts)[0]).error().fault == Fault::too_many);
  const auto flat = read("--b\r\n\r\nx\r\n--b--");
  CHECK(flat->nested((*flat)[0]).error().fault == Fault::unsupported);
}

TEST_CASE("the limits of a multipart are met") {
  std::string many;
  for (std::size_t i = 0; i < parts_max; ++i) many += "--b\r\n\r\nx\r\n";
  CHECK(read(many + "--b--")->size() == parts_max);
  CHECK(read(many + "--b\r\n\r\nx\r\n--b--").error().fault == Fault::too_many);
  const auto with_head = [](std::size_t size) {
    return "--b\r\nX: " + std::string(size - 5, 'y') + "\r\n\r\nx\r\n--b--";
  };
  CHECK(read(with_head(part_head_size_max)));
  CHECK(read(with_head(part_head_size_max + 1)).error().fault == Fault::too_long);
  const std::string frame = "--b\r\n\r\n\r\n--b--";
  std::string most = frame;
  most.insert(7, body_size_max - frame.size(), 'x');
  CHECK(read(most));
  CHECK(read(most + "\n", Mode::lenient).error().fault == Fault::too_long);
  for (const std::size_t length : {boundary_length_max, boundary_length_max + 1}) {
    const std::string boundary(length, 'b');
    const auto parts = read("--" + boundary + "\r\n\r\nx\r\n--" + boundary + "--", Mode::strict,
                            "multipart/mixed;boundary=" + boundary);
    CHECK(parts.has_value() == (length == boundary_length_max));
  }
  std::string prefixes = "--b\r\n\r\n";
  while (prefixes.size() < body_size_max - 6) prefixes += "\r\n--bx";
  CHECK(read(prefixes, Mode::lenient));
}

TEST_CASE("RFC 2046 §5.1.1: what is written has a boundary that no part contains") {
  MultipartWriter writer;
  writer.add("<list/>", ContentId{"list@x"}, ContentType{"application", "rlmi+xml", {}});
  writer.add("");
  writer.add_lines("Content-ID: plain\r\n", "a\r\n--b\r\n--b-1");
  const auto made = writer.write("related", "b");
  CHECK(written(made.type) == "multipart/related;boundary=\"b-2\"");
  CHECK(made.body ==
        "--b-2\r\nContent-ID: <list@x>\r\nContent-Type: application/rlmi+xml\r\n\r\n<list/>\r\n"
        "--b-2\r\n\r\n\r\n--b-2\r\nContent-ID: plain\r\n\r\na\r\n--b\r\n--b-1\r\n--b-2--\r\n");
  const auto parts = read(made.body, Mode::strict, written(made.type));
  REQUIRE(parts);
  REQUIRE(parts->size() == 3);
  CHECK(parts->find("list@x")->content == "<list/>");
  CHECK((*parts)[1].content.empty());
  CHECK((*parts)[2].content == "a\r\n--b\r\n--b-1");
}

TEST_CASE("the body of a message is read by its Content-Type") {
  const auto message = [](std::string_view lines) {
    return *Message::parse("NOTIFY sip:b SIP/2.0\r\n" + std::string{lines} +
                           "\r\n\r\n--b\r\n\r\nx\r\n--b--");
  };
  const Message good = message("c: multipart/mixed;boundary=b");
  CHECK(Multipart::parse(good)->size() == 1);
  CHECK(Multipart::parse(message("X: y")).error().fault == Fault::missing);
  CHECK(Multipart::parse(message("c: multipart")).error().fault == Fault::malformed);
}

TEST_CASE("whatever is read, the parts lie in the body, and parts written are read again") {
  SeededRandom random(11);
  constexpr std::array<std::string_view, 10> pieces{"--b", "\r\n", "\n", "--", "X: y",
                                                    " ",   "\r",   "b",  ":",  "\r\n--b\r\n"};
  for (int i = 0; i < 20'000; ++i) {
    std::string body = "--b\r\n";
    for (std::uint64_t n = random.below(12); n > 0; --n) body += pieces[random.below(10)];
    CAPTURE(body);
    const auto strict = read(body, Mode::strict);
    const auto parts = read(body, Mode::lenient);
    if (strict) REQUIRE(parts);
    if (!parts || parts->size() == 0) continue;
    MultipartWriter writer;
    for (const BodyPart& part : *parts) {
      CHECK(part.offset + part.head.size() + part.content.size() <= body.size());
      writer.add(part.content);
    }
    const auto made = writer.write("mixed", "b");
    const auto again = read(made.body, Mode::lenient, written(made.type));
    REQUIRE(again);
    REQUIRE(again->size() == parts->size());
    for (std::size_t at = 0; at < parts->size(); ++at)
      CHECK((*again)[at].content == (*parts)[at].content);
  }
}
