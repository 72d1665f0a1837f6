-- Version 1: the log, personal texts, documents, answers.
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
