-- Sessions that an agent keeps and that were not continued here. A row that is
-- 'mirrored' is no projection: nothing of it is in the log, it says again what
-- the agent's own database says. 'kept' is one to which a person added something:
-- that is in the log, and what comes from the agent is mirrored still.
ALTER TABLE sessions ADD COLUMN elsewhere TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN source TEXT NOT NULL DEFAULT '';
CREATE INDEX sessions_elsewhere ON sessions (id) WHERE elsewhere <> '';
CREATE INDEX sessions_source ON sessions (source, archived, pinned, updated_at, id) WHERE trashed_at IS NULL;
UPDATE sessions SET doc = json_set(doc, '$.foreign', '', '$.source', '');

-- In which rows of an agent's database the messages of turns are kept.
CREATE TABLE messages (
    session TEXT    NOT NULL,
    id      INTEGER NOT NULL,
    turn    TEXT    NOT NULL,
    role    TEXT    NOT NULL,
    digest  TEXT    NOT NULL,
    copy    INTEGER NOT NULL,
    PRIMARY KEY (session, id)
) STRICT, WITHOUT ROWID;
