-- Version 3: marks, by which things are found without looking through all of them.
CREATE TABLE mark (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
