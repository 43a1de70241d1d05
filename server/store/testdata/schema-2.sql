-- The log. A seq is given by the writer, never by SQLite, and is never used
-- twice. `body` is the JSON that also goes over the wire.
CREATE TABLE events (
    seq      INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,              -- unix milliseconds, as all times here
    session  TEXT    NOT NULL,
    turn     TEXT    NOT NULL,              -- '' for events of the session itself
    kind     TEXT    NOT NULL,
    headline INTEGER NOT NULL,              -- 1: every client gets it
    body     TEXT    NOT NULL
) STRICT;
CREATE INDEX events_session ON events (session, seq);
CREATE INDEX events_headline ON events (seq) WHERE headline = 1;

-- Every kind that was ever written: a program that does not know one of them
-- is older than this database.
CREATE TABLE kinds (kind TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

-- Facts about this file: `log` (its id), `clean` (1 while nobody has it open).
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- One row per start of the program.
CREATE TABLE epochs (
    n         INTEGER PRIMARY KEY,
    id        TEXT    NOT NULL UNIQUE,
    first_seq INTEGER NOT NULL,
    at        INTEGER NOT NULL
) STRICT;

-- Projections. `doc` is the JSON of the row as it leaves the program; the
-- columns beside it are what queries look for.
CREATE TABLE sessions (
    id         TEXT    PRIMARY KEY,
    updated_at INTEGER NOT NULL,
    pinned     INTEGER NOT NULL,
    archived   INTEGER NOT NULL,
    trashed_at INTEGER,
    project    TEXT    NOT NULL,
    title      TEXT    NOT NULL,            -- in lower case, to be searched
    fork_turn  TEXT,                        -- the turn of another session that this one goes on from
    doc        TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_list ON sessions (archived, pinned, updated_at, id) WHERE trashed_at IS NULL;
CREATE INDEX sessions_trash ON sessions (trashed_at) WHERE trashed_at IS NOT NULL;
CREATE INDEX sessions_fork ON sessions (fork_turn) WHERE fork_turn IS NOT NULL;

CREATE TABLE turns (
    id          TEXT    PRIMARY KEY,
    session     TEXT    NOT NULL,
    parent      TEXT,
    state       TEXT    NOT NULL,
    place       INTEGER,                    -- order in the queue while queued
    seq         INTEGER NOT NULL,           -- of the newest headline
    started_seq INTEGER,
    ended_seq   INTEGER,
    ended_at    INTEGER,
    folded      INTEGER NOT NULL DEFAULT 0, -- 1: nothing is left to fold
    doc         TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX turns_session ON turns (session, id);
CREATE INDEX turns_started ON turns (session, parent, started_seq) WHERE started_seq IS NOT NULL;
CREATE INDEX turns_queue ON turns (session, place) WHERE place IS NOT NULL;
CREATE INDEX turns_live ON turns (seq) WHERE state IN ('running', 'waiting');
CREATE INDEX turns_unfolded ON turns (ended_at) WHERE ended_at IS NOT NULL AND folded = 0;

CREATE TABLE asks (
    id         TEXT    PRIMARY KEY,
    session    TEXT    NOT NULL,
    turn       TEXT    NOT NULL,
    raised_seq INTEGER NOT NULL,
    closed_seq INTEGER,
    doc        TEXT    NOT NULL,
    closed     TEXT                         -- the JSON of how it ended
) STRICT, WITHOUT ROWID;
CREATE INDEX asks_session ON asks (session);
CREATE INDEX asks_open ON asks (raised_seq) WHERE closed_seq IS NULL;
CREATE INDEX asks_open_session ON asks (session, raised_seq) WHERE closed_seq IS NULL;

-- What was typed and not sent. Not a projection: drafts are no events.
CREATE TABLE drafts (
    session     TEXT    PRIMARY KEY,
    text        TEXT    NOT NULL,
    attachments TEXT    NOT NULL,           -- JSON list of blob ids
    rev         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Tombstones. `done` is 0 while events of the session may still be left.
CREATE TABLE purged (
    session TEXT    PRIMARY KEY,
    seq     INTEGER NOT NULL,
    done    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX purged_open ON purged (session) WHERE done = 0;
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
