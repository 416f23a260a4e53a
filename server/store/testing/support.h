#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "kith/base/random.h"
#include "server/store/store.h"

namespace kith::store::testing {

/// A folder of its own under the system's temporary one, gone with all in it at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// "user7@example.com" with the principal "user7@EXAMPLE.COM" and Digest verifiers, not stored yet.
Account account(unsigned number);
sip::Aor aor(unsigned number);
Batch make_account(unsigned number);
Binding binding(std::string device);

/// One operation that the list takes, among all that it has, on few contacts and groups, so that
/// they meet. The list is then one version further.
contacts::Delta random_step(contacts::List& list, SeededRandom& random);

}  // namespace kith::store::testing
