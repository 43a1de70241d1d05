-- What a person allowed an agent for longer than once. None of these tables is
-- derived from the log: what is in here is nowhere else, except in `cache`.
CREATE TABLE rules (
    id         TEXT    PRIMARY KEY,
    session    TEXT    NOT NULL,            -- '' = always; else it goes with the session
    kind       TEXT    NOT NULL,            -- command, write, host, mcp
    pattern    TEXT    NOT NULL,            -- exact
    workspace  TEXT    NOT NULL,            -- where it holds; '' = everywhere
    created_at INTEGER NOT NULL,
    UNIQUE (session, kind, pattern, workspace)
) STRICT, WITHOUT ROWID;

-- Settings of the program. Values are JSON.
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- What was looked up elsewhere and can be again. Values are JSON.
CREATE TABLE cache (
    key   TEXT    PRIMARY KEY,
    value TEXT    NOT NULL,
    at    INTEGER NOT NULL
) STRICT;
CREATE INDEX cache_at ON cache (at);

-- The workspaces of sessions, to be read without their rows.
ALTER TABLE sessions ADD COLUMN workspace TEXT NOT NULL DEFAULT '';
UPDATE sessions SET workspace = coalesce(json_extract(doc, '$.workspace'), '');
CREATE INDEX sessions_workspace ON sessions (workspace, trashed_at, updated_at);
