package store

import (
	"strings"
	"testing"

	"hermes-webui/server/chat"
)

// What is asked all the time must not read a whole table.
func TestHotQueriesUseTheirIndex(t *testing.T) {
	s, err := Open(t.Context(), t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	after, args := afterQuery(5, 100, chat.Filter{Sessions: []chat.SessionID{"ses_a", "ses_b"}}, 10)
	list, _ := listWhere(chat.Query{})
	source, _ := listWhere(chat.Query{Source: "cli"})
	for name, q := range map[string]struct {
		query string
		args  []any
		want  []string
	}{
		"after": {after, args, []string{"events_headline", "events_session (session=? AND seq>? AND seq<?)"}},
		"list": {`SELECT doc FROM sessions WHERE ` + list + ` AND pinned = 0 AND (updated_at, id) < (5, 'x') ORDER BY updated_at DESC, id DESC LIMIT 9`,
			[]any{false}, []string{"sessions_list"}},
		"source": {`SELECT doc FROM sessions WHERE ` + source + ` AND pinned = 0 AND (updated_at, id) < (5, 'x') ORDER BY updated_at DESC, id DESC LIMIT 9`,
			[]any{false, "cli"}, []string{"sessions_source"}},
		"queue": {`SELECT id FROM turns WHERE session = ? AND place IS NOT NULL ORDER BY place`, []any{"s"}, []string{"turns_queue"}},
		"live": {`SELECT t.doc FROM turns t JOIN sessions s ON s.id = t.session WHERE t.state IN ('running', 'waiting') ORDER BY t.seq`,
			nil, []string{"turns_live", "PRIMARY KEY"}},
		"asks":     {`SELECT doc FROM asks WHERE closed_seq IS NULL ORDER BY raised_seq, id`, nil, []string{"asks_open"}},
		"variants": {`SELECT id FROM turns WHERE session = ? AND parent IS ? AND started_seq IS NOT NULL ORDER BY started_seq`, []any{"s", nil}, []string{"turns_started"}},
		"fold":     {`SELECT id FROM turns WHERE ended_at IS NOT NULL AND folded = 0 ORDER BY ended_at LIMIT 1`, nil, []string{"turns_unfolded"}},
		"rule":     {hasRule, []any{"s", "command", "ls", "/w"}, []string{"(session=? AND kind=? AND pattern=? AND workspace=?)"}},
		"newest":   {`SELECT max(seq) FROM events`, nil, []string{"SEARCH events"}},
		"count":    {`SELECT count(*) FROM sessions WHERE trashed_at IS NULL`, nil, []string{"sessions_"}},
	} {
		plan := planOf(t, s, q.query, q.args)
		for _, want := range q.want {
			if !strings.Contains(plan, want) {
				t.Errorf("%s: no %q in\n%s", name, want, plan)
			}
		}
		if strings.Contains(plan, "TEMP B-TREE") || strings.Contains(plan, "SCAN events\n") {
			t.Errorf("%s sorts or scans:\n%s", name, plan)
		}
	}
}

func planOf(t *testing.T, s *Store, query string, args []any) string {
	t.Helper()
	rows, err := s.readers.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var sb strings.Builder
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		sb.WriteString(detail + "\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return sb.String()
}

// Sorting a few folders is cheap, reading the rows of all sessions is not.
func TestRecentWorkspacesReadOnlyTheirIndex(t *testing.T) {
	s, err := Open(t.Context(), t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if plan := planOf(t, s, recentWorkspaces, []any{9}); !strings.Contains(plan, "USING COVERING INDEX sessions_workspace") {
		t.Errorf("it reads more:\n%s", plan)
	}
}
