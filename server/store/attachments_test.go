package store_test

import (
	"maps"
	"slices"
	"testing"

	"hermes-webui/server/chat"
	"hermes-webui/server/store"
)

func newFile() chat.BlobID { return chat.BlobID(chat.NewID(chat.PrefixAttachment)) }

func withFile(id chat.BlobID) chat.Prompt {
	return chat.Prompt{Text: `looks like "att_`, Attachments: []chat.Attachment{{ID: id, Name: "a", Type: "text/plain", Size: 1}}}
}

// named fails unless exactly these are named.
func named(t *testing.T, s *store.Store, want ...chat.BlobID) {
	t.Helper()
	got, err := s.Attachments(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ids := slices.Sorted(maps.Keys(got))
	slices.Sort(want)
	if !slices.Equal(ids, want) {
		t.Fatalf("named are %v, want %v", ids, want)
	}
}

func purge(t *testing.T, s *store.Store, id chat.SessionID) {
	t.Helper()
	if _, err := s.Purge(t.Context(), id); err != nil {
		t.Fatal(err)
	}
}

func TestPromptsAndDraftsNameAttachmentsUntilTheirSessionIsPurged(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	id, other := session(t, s), session(t, s)
	queued, edited, drafted, shared := newFile(), newFile(), newFile(), newFile()
	turn := newTurn()
	put(t, s, id, turn, chat.TurnQueued{Origin: chat.FromPerson, Prompt: withFile(queued)}, chat.TurnEdited{Prompt: withFile(edited)})
	put(t, s, id, newTurn(), chat.TurnQueued{Origin: chat.FromPerson, Prompt: withFile(shared)})
	put(t, s, other, newTurn(), chat.TurnQueued{Origin: chat.FromPerson, Prompt: withFile(shared)})
	if _, err := s.PutDraft(t.Context(), id, chat.Draft{Attachments: []chat.BlobID{drafted}, Rev: 2}); err != nil {
		t.Fatal(err)
	}
	named(t, s, queued, edited, drafted, shared)
	put(t, s, id, turn, chat.TurnWithdrawn{})
	put(t, s, id, "", chat.SessionTrashed{})
	named(t, s, queued, edited, drafted, shared)
	purge(t, s, id)
	named(t, s, shared)
	purge(t, s, other)
	named(t, s)
}

func TestAForkNamesTheAttachmentsThatItShowsOfAPurgedSession(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	source := session(t, s)
	shown, hidden := newFile(), newFile()
	ask := func(parent *chat.TurnID, file chat.BlobID) chat.TurnID {
		turn := newTurn()
		put(t, s, source, turn, chat.TurnQueued{Origin: chat.FromPerson, Parent: parent, Prompt: withFile(file)},
			chat.TurnStarted{Parent: parent, Variants: []chat.TurnID{turn}, Agent: "demo"})
		end(t, s, source, turn)
		return turn
	}
	first := ask(nil, shown)
	ask(&first, hidden)
	fork := chat.SessionID(chat.NewID(chat.PrefixSession))
	put(t, s, fork, "", chat.SessionCreated{Agent: "demo"}, chat.SessionForked{From: chat.Ref{Session: source, Turn: first}})
	purge(t, s, source)
	named(t, s, shown)
	purge(t, s, fork)
	named(t, s)
}

func TestAFileThatAnAgentShowedIsNamedUntilItsSessionIsPurged(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	id := session(t, s)
	shown, turn := newFile(), newTurn()
	part := func() chat.PartBase { return chat.PartBase{ID: chat.PartID(chat.NewID(chat.PrefixPart))} }
	put(t, s, id, turn, chat.TurnQueued{Origin: chat.FromPerson, Prompt: chat.Prompt{Text: "draw"}},
		chat.TurnStarted{Variants: []chat.TurnID{turn}, Agent: "demo"},
		chat.PartOpened{Part: &chat.File{PartBase: part(), Name: "a.png", Type: "image/png", Size: 1, Blob: shown}},
		chat.PartOpened{Part: &chat.File{PartBase: part(), Name: `"att_`, Type: "image/png", Size: 30 << 20}},
		chat.PartOpened{Part: &chat.Notice{PartBase: part(), Level: chat.NoticeInfo, Text: `looks like "att_`}})
	end(t, s, id, turn)
	named(t, s, shown)
	purge(t, s, id)
	named(t, s)
}
