#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/write.h"

namespace kith::store {

/// What went wrong with a read or a file: a sentence for a person, which names the remedy where
/// there is one.
struct Trouble {
  Cause cause = Cause::io_error;
  std::string sentence;
};

/// How much is stored: shown by backup and restore, compared by their verification.
struct Counts {
  std::uint64_t accounts = 0;
  std::uint64_t contacts = 0;
  std::uint64_t groups = 0;
  std::uint64_t bindings = 0;
  std::uint64_t list_versions = 0;  // the sum of all lists' versions: changes with every operation

  bool operator==(const Counts&) const = default;
};

/// What `kithctl status` says about the store.
struct Health {
  std::string file{};    // the database; empty for one that is in memory only
  bool writable = true;  // false from a commit that the machine refused until one as large fits
  Cause cause = Cause::none;
  std::string sentence;  // why not, empty while writable
  std::uint64_t database_bytes = 0;
  std::uint64_t log_bytes = 0;
};

/// Reads what is committed. Used by one thread at a time: each shard has its own.
class Reader {
 public:
  virtual ~Reader() = default;

  /// A user as of one moment. Somebody unknown is an answer (no account), not an error.
  virtual std::expected<UserRecord, Trouble> load(const sip::Aor& aor) = 0;
  virtual std::expected<std::optional<Account>, Trouble> account(const sip::Aor& aor) = 0;
  /// The account that a Kerberos principal signs in to; compared exactly.
  virtual std::expected<std::optional<Account>, Trouble> account_of(std::string_view principal) = 0;
  /// At most `at_most` accounts behind `after`, by address of record; from the start for "".
  virtual std::expected<std::vector<Account>, Trouble> accounts(const sip::Aor& after,
                                                                std::size_t at_most) = 0;
  virtual std::expected<Counts, Trouble> counts() = 0;
  /// Whether everything that is stored can be read and fits together: Cause::corrupt where it does
  /// not. Takes its time.
  virtual std::expected<void, Trouble> check() = 0;
};

/// Where accounts, lists and bindings live. The contract of every implementation is
/// server/store/contract_test.cpp.
class Store {
 public:
  virtual ~Store() = default;

  /// From any thread; the reader must not outlive the store.
  virtual std::expected<std::unique_ptr<Reader>, Trouble> reader() = 0;

  /// Many users' batches, in order, in one transaction with one sync: one result each. A batch that
  /// is refused for its own reasons does not take the others down; what the machine refuses, it
  /// refuses for all. Later batches see earlier ones. One thread at a time: the Writer's.
  virtual std::vector<CommitResult> commit(std::span<const Batch> batches) = 0;

  /// From any thread.
  virtual Health health() const = 0;

  /// Copies everything, as of one moment, into a new file while others read and write; reads the
  /// copy back and verifies it. Refuses to overwrite a file. From any thread; takes its time.
  virtual std::expected<Counts, Trouble> backup(const std::filesystem::path& file) = 0;
};

}  // namespace kith::store
