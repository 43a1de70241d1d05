-- Under which ids agents keep sessions. The rows of a purged session stay: what
-- was removed here is not to come back from the agent's own list.
CREATE TABLE stored (
    profile TEXT NOT NULL,
    id      TEXT NOT NULL,
    session TEXT NOT NULL,
    PRIMARY KEY (profile, id)
) STRICT, WITHOUT ROWID;

UPDATE sessions SET doc = json_set(doc, '$.stored', json('[]'));
