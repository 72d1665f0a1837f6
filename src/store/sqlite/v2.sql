-- Version 2: messages to send, accesses, keys, checkpoints.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    position INTEGER NOT NULL REFERENCES event (position),
    target TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_ms INTEGER NOT NULL,
    is_dead INTEGER NOT NULL,
    said TEXT
) STRICT;

CREATE INDEX outbox_due ON outbox (is_dead, next_ms, id);

CREATE TABLE access (
    id INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    verb TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;

CREATE INDEX access_to ON access (kind, key);
CREATE INDEX access_by ON access (actor);

CREATE TABLE api_key (
    prefix TEXT PRIMARY KEY,
    hash BLOB NOT NULL,
    role TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER,
    rotated_from TEXT,
    revoked_ms INTEGER
) STRICT;

CREATE TABLE checkpoint (
    id INTEGER PRIMARY KEY,
    position INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;
