-- The files that agents showed: which are still in use is known without reading
-- the whole log.
CREATE INDEX events_files ON events (seq) WHERE kind = 'part_opened' AND instr(body, '"att_') > 0;
