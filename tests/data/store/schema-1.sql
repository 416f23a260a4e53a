-- A database of schema 1 with one user, as Kith 0.1 makes it. Never edited: it stands for the files
-- that are on disks.
PRAGMA application_id = 0x4B495448;
PRAGMA user_version = 1;

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

INSERT INTO users VALUES (1, 'user1@example.com', 'User 1', 'example.com',
  '0123456789abcdef0123456789abcdef', '', 1, 3);
INSERT INTO principals VALUES ('user1@EXAMPLE.COM', 1, 0);
INSERT INTO lists VALUES (1, 12);
INSERT INTO groups VALUES (1, 1, '~', ''), (1, 63, 'Lab', '');
INSERT INTO contacts VALUES (1, 'sip:user4@server.contoso.com', 'sip:User4@server.contoso.com',
  'buddy 1', '1 63', 1, '', '');
INSERT INTO bindings VALUES (1, 'epid:df527db094', 'df527db094', '',
  '<sip:192.0.2.1:13684;transport=tcp>', 'b7c3b37ba4144a39a9bc82c224147f0c', 2,
  1700000000000000000, 'tcp 192.0.2.1:13684', 'RTC/1.3.5369', '');
