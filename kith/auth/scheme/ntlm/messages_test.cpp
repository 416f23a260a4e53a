#include "kith/auth/scheme/ntlm/messages.h"

#include <doctest/doctest.h>

#include "kith/auth/scheme/ntlm/flags.h"
#include "kith/auth/scheme/ntlm/testing/example.h"
#include "kith/auth/scheme/ntlm/utf16.h"
#include "kith/base/text.h"
#include "kith/crypto/base64.h"

using namespace kith;
using namespace kith::auth::ntlm;
namespace example = kith::auth::ntlm::testing;

namespace {

std::string text(std::string_view utf8) { return utf16(utf8).value(); }

/// [MS-NLMP] §4.2.4.3
constexpr std::string_view published_challenge =
    "4e544c4d53535000020000000c000c003800000033828ae20123456789abcdef000000000000000024002400440000"
    "00"
    "0600701700"
    "00000f53006500720076006500720002000c0044006f006d00610069006e0001000c0053006500720076"
    "0065007200000000"
    "00";

}  // namespace

TEST_CASE("[MS-NLMP] §4.2.4.3: the CHALLENGE message") {
  const std::string token = from_hex(published_challenge).value();
  const ChallengeMessage message = ChallengeMessage::parse(token).value();
  CHECK(message.flags == 0xe28a8233);
  CHECK(message.target_name == text("Server"));
  CHECK(to_hex(as_bytes(message.server_challenge)) == "0123456789abcdef");
  CHECK(message.target_info == TargetInfo{{AvId::netbios_domain, text("Domain")},
                                          {AvId::netbios_computer, text("Server")}});
  CHECK(message.version == Version{.major = 6, .minor = 0, .build = 6000});
  CHECK(message.write() == token);
}

TEST_CASE("SIP-AUTH-51: the messages of the example of section 3.5, read and written") {
  const std::string challenge = example::challenge();
  CHECK(challenge.size() == 150);
  const ChallengeMessage asked = ChallengeMessage::parse(challenge).value();
  CHECK(asked.flags == flag::offered);
  CHECK(asked.write() == challenge);
  CHECK(find(asked.target_info, AvId::dns_computer) == text("lcs1.lab.example"));
  CHECK_FALSE(find(asked.target_info, AvId::timestamp).has_value());

  const std::string authenticate = example::authenticate();
  CHECK(authenticate.size() == 272);
  const AuthenticateMessage answer = AuthenticateMessage::parse(authenticate).value();
  CHECK(answer.flags == 0x62988255);
  CHECK(answer.domain == text("LAB"));
  CHECK(answer.user == text("walt"));
  CHECK(answer.workstation == text("DESK1"));
  CHECK(answer.mic.empty());
  CHECK(answer.write() == authenticate);
  const ClientChallenge rest = ClientChallenge::parse(answer.nt_response.substr(16)).value();
  CHECK(rest.target_info == asked.target_info);
  CHECK(rest.time == filetime(example::now));
  CHECK_FALSE(rest.promises_mic());
  CHECK(answer.nt_response.substr(16) == rest.write());
}

TEST_CASE("[MS-NLMP] §2.2.1: a message that is cut short or points outside itself is refused") {
  const std::string challenge = example::challenge();
  const std::string authenticate = example::authenticate();
  for (std::size_t size = 0; size < challenge.size(); ++size)
    CHECK_FALSE(ChallengeMessage::parse(challenge.substr(0, size)).has_value());
  for (std::size_t size = 0; size < authenticate.size(); ++size)
    CHECK_FALSE(AuthenticateMessage::parse(authenticate.substr(0, size)).has_value());
  CHECK_FALSE(ChallengeMessage::parse(authenticate).has_value());
  CHECK_FALSE(AuthenticateMessage::parse(challenge).has_value());
  for (const std::size_t field : {12U, 20U, 28U, 36U, 44U, 52U}) {
    std::string beyond = authenticate;
    CHECK_FALSE(AuthenticateMessage::parse(beyond.replace(field, 2, "\xff\xff")).has_value());
    beyond = authenticate;
    CHECK_FALSE(
        AuthenticateMessage::parse(beyond.replace(field + 4, 4, "\xff\xff\xff\xff")).has_value());
  }
}

TEST_CASE("[MS-NLMP] §2.2.2.1: target information ends with its last pair and nowhere else") {
  const auto parse = [](std::string_view digits) {
    return parse_target_info(from_hex(digits).value());
  };
  CHECK(parse("00000000") == TargetInfo{});
  CHECK(parse("0200020041000000"
              "0000") == TargetInfo{{AvId::netbios_domain, text("A")}});
  CHECK(parse("00000000ffff") == TargetInfo{});
  for (const char* digits :
       {"", "0000", "02000200", "020002004100", "0200ff0041000000", "000002004100", "00000100"})
    CHECK_FALSE(parse(digits).has_value());
  const TargetInfo unknown{{static_cast<AvId>(0x1234), "any"}, {AvId::flags, ""}};
  CHECK(parse_target_info(write(unknown)) == unknown);
}

TEST_CASE("[MS-NLMP] §2.2.2.7: a client challenge of another version or shape is refused") {
  const ClientChallenge whole{.time = 7, .challenge = "12345678", .target_info = {}};
  const std::string bytes = whole.write();
  CHECK(ClientChallenge::parse(bytes) == whole);
  for (std::size_t size = 0; size < 32; ++size)
    CHECK_FALSE(ClientChallenge::parse(bytes.substr(0, size)).has_value());
  CHECK_FALSE(ClientChallenge::parse("\x02" + bytes.substr(1)).has_value());
  CHECK_FALSE(ClientChallenge::parse("\x01\x02" + bytes.substr(2)).has_value());
}

TEST_CASE("[MS-NLMP] §2.2.1.3: there is room for an integrity code only before the payload") {
  AuthenticateMessage message{
      .flags = flag::required, .user = text("walt"), .mic = "0123456789abcdef"};
  const AuthenticateMessage read = AuthenticateMessage::parse(message.write()).value();
  CHECK(read.mic == message.mic);
  CHECK(message.write().substr(AuthenticateMessage::mic_offset, 16) == message.mic);
  message.mic.clear();
  CHECK(AuthenticateMessage::parse(message.write())->mic.empty());
}

TEST_CASE("[MS-NLMP] §2.2.2.1: the flag that promises an integrity code") {
  const auto promises = [](std::string flags) {
    return ClientChallenge{.challenge = {}, .target_info = {{AvId::flags, std::move(flags)}}}
        .promises_mic();
  };
  CHECK(promises({'\2', '\0', '\0', '\0'}));
  CHECK(promises({'\3', '\0', '\0', '\0'}));
  CHECK_FALSE(promises({'\1', '\0', '\0', '\0'}));
  CHECK_FALSE(promises({'\0', '\2', '\0', '\0'}));
  CHECK_FALSE(promises("\2"));
}

TEST_CASE("[MS-DTYP] §2.3.3: time in tenths of a microsecond since 1601") {
  CHECK(filetime(Time{}) == 116'444'736'000'000'000);
  CHECK(filetime(Time{1s + 100ns}) == 116'444'736'010'000'001);
  CHECK(read_filetime(write_filetime(filetime(Time{1s}))) == filetime(Time{1s}));
  CHECK_FALSE(read_filetime("1234567").has_value());
}
