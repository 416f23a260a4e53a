#include "server/store/testing/support.h"

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <system_error>

namespace kith::store::testing {

namespace {

/// In memory where there is room: these tests cut the power of a disk of their own, and need not
/// wait for a real one. TMPDIR says otherwise.
std::filesystem::path where_temporary() {
  constexpr std::uintmax_t enough = 512UL * 1024 * 1024;
  const std::filesystem::path memory = "/dev/shm";
  std::error_code error;
  const bool roomy = std::filesystem::space(memory, error).available >= enough && !error;
  return roomy && std::getenv("TMPDIR") == nullptr ? memory
                                                   : std::filesystem::temp_directory_path();
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string name = (where_temporary() / "kith-store-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    throw std::system_error(errno, std::generic_category(), "mkdtemp");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

sip::Aor aor(unsigned number) { return sip::Aor{"user" + std::to_string(number) + "@example.com"}; }

Account account(unsigned number) {
  return Account{
      .aor = aor(number),
      .display_name = "User " + std::to_string(number),
      .principals = {"user" + std::to_string(number) + "@EXAMPLE.COM"},
      .digest_realm = "example.com",
      .ha1_md5 = crypto::Secret{"0123456789abcdef0123456789abcdef"},
      .ha1_sha256 = crypto::Secret{std::string(64, 'a')},
      .nt_hash = crypto::Secret{std::string(32, 'b')},
  };
}

Batch make_account(unsigned number) { return Batch{aor(number), {PutAccount{account(number)}}}; }

Binding binding(std::string device) {
  return Binding{
      .device = std::move(device),
      .epid = "df527db094",
      .instance = "urn:uuid:4b1682a8-f968-5701-83fc-7c6741dc6697",
      .contact = "<sip:192.0.2.1:13684;transport=tcp>",
      .call_id = "b7c3b37ba4144a39a9bc82c224147f0c",
      .cseq = 4'000'000'000U,
      .expires = Time{} + 7200s + 1ns,
      .flow = "192.0.2.1:13684",
      .user_agent = "RTC/1.3.5369",
  };
}

contacts::Delta random_step(contacts::List& list, SeededRandom& random) {
  while (true) {
    const std::string uri = "sip:Buddy" + std::to_string(random.below(12)) + "@example.com";
    const contacts::GroupId id{static_cast<std::uint8_t>(1 + random.below(6))};
    std::expected<contacts::Delta, contacts::Refusal> delta =
        std::unexpected(contacts::Refusal::no_such_group);
    switch (random.below(6)) {
      case 0:
      case 1:
        delta = list.set_contact(contacts::Contact{
            .uri = uri,
            .name = "Name \xC3\xA4 " + random.hex(2),
            .groups = {id},
            .subscribed = random.below(2) == 0,
            .external_uri = "",
            .extension = "",
        });
        break;
      case 2:
        delta = list.delete_contact(uri);
        break;
      case 3:
        if (auto added = list.add_group("Group " + random.hex(2), "")) delta = added->delta;
        break;
      case 4:
        delta = list.modify_group(contacts::Group{id, "Other " + random.hex(2), ""});
        break;
      default:
        delta = list.delete_group(id);
        break;
    }
    if (delta) return *delta;
  }
}

}  // namespace kith::store::testing
