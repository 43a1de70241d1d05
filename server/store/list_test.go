package store_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
	"hermes-webui/server/store"
)

func TestListGoesPageByPageNewestFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, t.TempDir(), store.Options{})
		yes := true
		var ids []chat.SessionID
		for i := range 25 {
			if i%3 == 0 {
				time.Sleep(time.Second) // others share their time
			}
			id := session(t, s)
			ids = append(ids, id)
			title := fmt.Sprintf("Über %d", i)
			put(t, s, id, "", chat.SessionChanged{Title: &title, Tags: &[]string{fmt.Sprint("tag", i%5)}})
		}
		put(t, s, ids[0], "", chat.SessionChanged{Pinned: &yes})
		put(t, s, ids[1], "", chat.SessionTrashed{})
		put(t, s, ids[2], "", chat.SessionChanged{Archived: &yes})

		seen := map[chat.SessionID]bool{}
		var last chat.Session
		cursor := ""
		for pages := 0; ; pages++ {
			page, err := s.Sessions(t.Context(), chat.Query{Limit: 5, Cursor: cursor})
			if err != nil {
				t.Fatal(err)
			}
			if page.Seq != s.Newest() {
				t.Fatalf("page covers %d", page.Seq)
			}
			if pages == 0 && page.Items[0].ID != ids[0] {
				t.Fatal("the pinned one is not first")
			}
			for _, i := range page.Items {
				if seen[i.ID] || !i.Pinned && last.ID != "" && i.UpdatedAt.After(last.UpdatedAt.Time) {
					t.Fatalf("%s twice or out of order", i.ID)
				}
				seen[i.ID] = true
				if !i.Pinned {
					last = i
				}
			}
			if page.Next == nil {
				break
			}
			cursor = *page.Next
		}
		if len(seen) != 23 || seen[ids[1]] || seen[ids[2]] {
			t.Fatalf("%d sessions, want all but the trashed and the archived one", len(seen))
		}
		for q, want := range map[chat.Query]int{
			{Trashed: true}: 1, {Archived: true}: 1, {Text: "über 1"}: 10, {Tag: "tag4"}: 5, {Project: "x"}: 0,
		} {
			q.Limit = 100
			page, err := s.Sessions(t.Context(), q)
			if err != nil || len(page.Items) != want {
				t.Fatalf("%+v: %d, want %d, %v", q, len(page.Items), want, err)
			}
		}
		_, err := s.Sessions(t.Context(), chat.Query{Cursor: "made up"})
		wantCode(t, err, fault.CodeInvalid)
	})
}

func TestStaleDraftGetsTheOtherOne(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	id := session(t, s)
	one, err := s.PutDraft(t.Context(), id, chat.Draft{Text: "one", Attachments: []chat.BlobID{"att_x"}})
	if err != nil || one.Rev != 1 {
		t.Fatalf("%+v, %v", one, err)
	}
	_, err = s.PutDraft(t.Context(), id, chat.Draft{Text: "two"})
	wantCode(t, err, fault.CodeDraftStale)
	var stale *fault.Error
	if !errors.As(err, &stale) {
		t.Fatal(err)
	}
	wantSame(t, "other draft", stale.More["draft"], one)
	put(t, s, id, newTurn(), chat.TurnQueued{Origin: chat.FromAgent})
	if snap, err := s.Snapshot(t.Context(), id, "", 1); err != nil || snap.Draft.Text != "one" {
		t.Fatalf("the agent's turn took the draft: %+v, %v", snap.Draft, err)
	}
	old := newTurn()
	put(t, s, id, newTurn(), chat.TurnQueued{Origin: chat.FromPerson, Continues: &old})
	put(t, s, id, newTurn(), chat.TurnQueued{Origin: chat.FromPerson, Replaces: &old})
	if snap, err := s.Snapshot(t.Context(), id, "", 1); err != nil || snap.Draft.Text != "one" || snap.Draft.Rev != 1 {
		t.Fatalf("a turn that was not written in the composer took the draft: %+v, %v", snap.Draft, err)
	}
	put(t, s, id, newTurn(), chat.TurnQueued{Origin: chat.FromPerson})
	snap, err := s.Snapshot(t.Context(), id, "", 1)
	if err != nil || snap.Draft.Text != "" || snap.Draft.Rev != 2 {
		t.Fatalf("draft after sending %+v, %v", snap.Draft, err)
	}
	_, err = s.PutDraft(t.Context(), "ses_none", chat.Draft{})
	wantCode(t, err, fault.CodeNoSession)
}

func TestSnapshotPagesGoUpThePath(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	id := session(t, s)
	var path []chat.TurnID
	for i := range 7 {
		var parent *chat.TurnID
		if i > 0 {
			parent = &path[i-1]
		}
		path = append(path, begin(t, s, id, parent, "q"))
		say(t, s, id, path[i], fmt.Sprint(i))
		end(t, s, id, path[i])
	}
	var got []chat.TurnID
	before := chat.TurnID("")
	for {
		snap, err := s.Snapshot(t.Context(), id, before, 3)
		if err != nil {
			t.Fatal(err)
		}
		var page []chat.TurnID
		for _, turn := range snap.Turns {
			page = append(page, turn.ID)
		}
		got = append(page, got...)
		if snap.Before == nil {
			break
		}
		before = *snap.Before
	}
	wantSame(t, "path", got, path)
	_, err := s.Snapshot(t.Context(), id, "trn_none", 3)
	wantCode(t, err, fault.CodeNoTurn)
}

func TestOlderTurnsAreOnlyAskedForFromTheShownPath(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	id, other := session(t, s), session(t, s)
	root := begin(t, s, id, nil, "root")
	end(t, s, id, root)
	variant := begin(t, s, id, &root, "variant")
	end(t, s, id, variant)
	shown := begin(t, s, id, &root, "shown")
	end(t, s, id, shown)
	foreign := begin(t, s, other, nil, "foreign")
	end(t, s, other, foreign)

	snap, err := s.Snapshot(t.Context(), id, shown, 5)
	if err != nil || len(snap.Turns) != 1 || snap.Turns[0].ID != root {
		t.Fatalf("before the shown turn: %+v, %v", snap.Turns, err)
	}
	if snap, err = s.Snapshot(t.Context(), id, root, 5); err != nil || len(snap.Turns) != 0 {
		t.Fatalf("before the root: %+v, %v", snap.Turns, err)
	}
	for _, before := range []chat.TurnID{variant, foreign, newTurn()} {
		_, err := s.Snapshot(t.Context(), id, before, 5)
		wantCode(t, err, fault.CodeNoTurn)
	}
	put(t, s, id, "", chat.HeadMoved{})
	_, err = s.Snapshot(t.Context(), id, root, 5)
	wantCode(t, err, fault.CodeNoTurn)
}
