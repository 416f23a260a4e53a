#include "server/store/sqlite/schema.h"

#include <array>

namespace kith::store::sqlite {
namespace {

// A list is one row in `lists` and its contacts as rows beside each other, so that setContact is
// one row there and one row here. The key of a contact is its URI in lower case, as contacts::List
// compares; `groups` holds the ids, ascending, with blanks between them.
constexpr std::string_view version_1 = R"sql(
CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  aor TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  digest_realm TEXT NOT NULL,
  ha1_md5 TEXT NOT NULL,
  ha1_sha256 TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  revision INTEGER NOT NULL
) STRICT;

CREATE TABLE principals (
  principal TEXT NOT NULL PRIMARY KEY,
  user INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  place INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX principals_of_user ON principals (user, place);

CREATE TABLE lists (
  user INTEGER NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  version INTEGER NOT NULL
) STRICT;

CREATE TABLE groups (
  user INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  id INTEGER NOT NULL,
  name TEXT NOT NULL,
  external_uri TEXT NOT NULL,
  PRIMARY KEY (user, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE contacts (
  user INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  uri TEXT NOT NULL,
  name TEXT NOT NULL,
  groups TEXT NOT NULL,
  subscribed INTEGER NOT NULL,
  external_uri TEXT NOT NULL,
  extension TEXT NOT NULL,
  PRIMARY KEY (user, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE bindings (
  user INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  device TEXT NOT NULL,
  epid TEXT NOT NULL,
  instance TEXT NOT NULL,
  contact TEXT NOT NULL,
  call_id TEXT NOT NULL,
  cseq INTEGER NOT NULL,
  expires_ns INTEGER NOT NULL,
  flow TEXT NOT NULL,
  user_agent TEXT NOT NULL,
  path TEXT NOT NULL,
  PRIMARY KEY (user, device)
) STRICT, WITHOUT ROWID;
)sql";

// Nothing was ever kept there.
constexpr std::string_view version_2 = "ALTER TABLE bindings DROP COLUMN path";

// Accounts of before have none until their password is set again.
constexpr std::string_view version_3 =
    "ALTER TABLE users ADD COLUMN nt_hash TEXT NOT NULL DEFAULT ''";

constexpr std::array steps{version_1, version_2, version_3};

}  // namespace

std::span<const std::string_view> migrations() { return steps; }

void migrate(Connection& connection, std::span<const std::string_view> to_take) {
  connection.run("BEGIN IMMEDIATE");
  try {
    const auto stored = static_cast<std::size_t>(connection.number("PRAGMA user_version"));
    for (std::size_t i = stored; i < to_take.size(); ++i) connection.run(std::string{to_take[i]});
    if (stored < to_take.size()) {
      connection.run("PRAGMA application_id = " + std::to_string(application_id));
      connection.run("PRAGMA user_version = " + std::to_string(to_take.size()));
    }
    connection.run("COMMIT");
  } catch (const Failed&) {
    if (connection.in_transaction()) connection.run("ROLLBACK");
    throw;
  }
}

std::string objection_to(Connection& connection, std::size_t known) {
  const std::int64_t owner = connection.number("PRAGMA application_id");
  const std::int64_t version = connection.number("PRAGMA user_version");
  const std::int64_t objects = connection.number("SELECT count(*) FROM sqlite_schema");
  const bool is_empty = objects == 0 && owner == 0 && version == 0;
  if (is_empty) return {};
  if (owner != application_id)
    return "is a database of another program: name another file in the configuration.";
  if (version < 1) return "has no schema version: restore a backup.";
  if (static_cast<std::size_t>(version) > known)
    return "has schema " + std::to_string(version) +
           ", made by a newer version of Kith; this one " + "knows schemas up to " +
           std::to_string(known) +
           ": install that version again, or restore a backup made by this one.";
  return {};
}

}  // namespace kith::store::sqlite
