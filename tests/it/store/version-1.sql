-- A database as version 1 left it: the events of the test vector, a client in two versions, and a
-- personal text. Not to be changed: databases like it are out there.
PRAGMA application_id = 1885432164;
PRAGMA user_version = 1;
CREATE TABLE stream (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    UNIQUE (kind, key)
) STRICT;

CREATE TABLE event (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL REFERENCES stream (id),
    seq INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    previous BLOB NOT NULL,
    hash BLOB NOT NULL,
    UNIQUE (stream, seq)
) STRICT;

CREATE TRIGGER event_stays BEFORE UPDATE ON event
BEGIN SELECT RAISE (ABORT, 'events are never changed'); END;

CREATE TRIGGER event_is_kept BEFORE DELETE ON event
BEGIN SELECT RAISE (ABORT, 'events are never deleted'); END;

CREATE TABLE personal (
    hash BLOB PRIMARY KEY,
    subject TEXT NOT NULL,
    salt BLOB,
    text TEXT,
    erased_ms INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX personal_of ON personal (subject);

CREATE TABLE document (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    is_there INTEGER NOT NULL,
    UNIQUE (kind, key)
) STRICT;

CREATE TABLE version (
    document INTEGER NOT NULL REFERENCES document (id),
    version INTEGER NOT NULL,
    body TEXT,
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    UNIQUE (document, version)
) STRICT;

CREATE TABLE answer (
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    digest BLOB NOT NULL,
    status INTEGER NOT NULL,
    body BLOB NOT NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    UNIQUE (scope, key)
) STRICT;

CREATE INDEX answer_expiring ON answer (expires_ms);

INSERT INTO stream VALUES (1, 'ticket', 'T-17', 2, x'6d8eab93d992da16ceeb46dc2b6be586bab6ae9512e4fef0cd72b38daaa21217');
INSERT INTO event VALUES
    (1, 1, 1, 0, 'wang', 'taken', '{"fen":100}', x'0000000000000000000000000000000000000000000000000000000000000000', x'790fb6c1adf3aad121c16192dff4a28efad004dae36815fb3f04ada671636691'),
    (2, 1, 2, 1, 'wang', 'told', '{"text":"税"}', x'790fb6c1adf3aad121c16192dff4a28efad004dae36815fb3f04ada671636691', x'6d8eab93d992da16ceeb46dc2b6be586bab6ae9512e4fef0cd72b38daaa21217');
INSERT INTO personal VALUES (x'7b6157dcde771dbce7c57024ccfdfbc67126a88240ef3f5523b59316b3ed044a', 'client/C1', x'01010101010101010101010101010101', '王芳', NULL);
INSERT INTO document VALUES (1, 'client', 'C1', 2, 1);
INSERT INTO version VALUES (1, 1, '{"tier":"A"}', 3, 'li'), (1, 2, '{"tier":"B"}', 4, 'li');
INSERT INTO answer VALUES ('desk', 'k1', x'790fb6c1adf3aad121c16192dff4a28efad004dae36815fb3f04ada671636691', 201, x'7b7d', 5, 500);
