package hermesdb

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func listed0(all []Lineage) string {
	var b strings.Builder
	for _, l := range all {
		fmt.Fprintf(&b, "%s %q %s\n", strings.Join(l.IDs, "+"), l.Title, l.Source)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func TestTheListShowsEachLineageOnce(t *testing.T) {
	w := newWorld(t)
	for _, s := range [][]any{
		{"plain", "title", "A plain one", "cwd", "/home/u/p", "model", "m"},
		{"root", "end_reason", "compression", "ended_at", 1.0, "cwd", "/w"},
		{"stale", "parent_session_id", "root", "end_reason", "ws_orphan_reap", "ended_at", 2.0},
		{"middle", "parent_session_id", "root", "end_reason", "compression", "ended_at", 3.0},
		{"tip", "parent_session_id", "middle", "title", "Long talk"},
		{"branch", "parent_session_id", "tip", "model_config", `{"_branched_from":"tip"}`, "source", "tui"},
		{"sub", "parent_session_id", "plain", "model_config", `{"_delegate_from":"plain"}`, "source", "subagent"},
		{"tool", "source", "tool"},
		{"child", "parent_session_id", "plain"},
		{"orphan", "parent_session_id", "plain", "model_config", "not json"},
		{"untitled", "source", "telegram"},
		{"archived", "archived", 1},
	} {
		w.session(s[0].(string), s[1:]...)
		w.say(s[0].(string), "user", "Words  of\n"+s[0].(string))
	}
	w.session("ghost")
	w.say("tip", "assistant", "newest")
	all := list0(t, w.reader())
	equal(t, listed0(all), `root+middle+tip "Long talk" cli
archived "Words of archived" cli
untitled "Words of untitled" telegram
branch "Words of branch" tui
plain "A plain one" cli`)
	if l := all[0]; l.Root != "root" || l.Tip != "tip" || l.Folder != "/w" || !l.Named || !l.ActiveAt.After(l.StartedAt) {
		t.Errorf("lineage %+v", l)
	}
	if !all[1].Archived || all[4].Model != "m" || all[4].StartedAt != epoch.Add(10*time.Second) {
		t.Errorf("%+v, %+v", all[1], all[4])
	}
}

func TestTheListFollowsWhatOthersWrite(t *testing.T) {
	w := newWorld(t)
	d := w.reader()
	equal(t, listed0(list0(t, d)), "")
	for i := range 40 {
		id := fmt.Sprintf("s%02d", i)
		w.session(id, "title", id)
		w.say(id, "user", "x")
	}
	newest := func() string { return list0(t, d)[0].Root }
	equal(t, newest(), "s39")
	w.say("s03", "assistant", "again")
	equal(t, newest(), "s03")
	w.exec(`UPDATE sessions SET title = 'renamed' WHERE id = 's39'`)
	equal(t, list0(t, d)[1].Title, "renamed")
	w.exec(`DELETE FROM messages WHERE session_id = 's10'`)
	w.exec(`DELETE FROM sessions WHERE id = 's10'`)
	if n := len(list0(t, d)); n != 39 {
		t.Fatalf("%d sessions after one was deleted", n)
	}
	w.exec(`UPDATE sessions SET end_reason = 'compression', ended_at = 1 WHERE id = 's05'`)
	w.session("s05b", "parent_session_id", "s05")
	w.say("s05b", "user", "on")
	equal(t, strings.Join(list0(t, d)[0].IDs, " "), "s05 s05b")
}

// What leaves no trace among the newest sessions shows after a minute: Wait says
// when it is time.
func TestAnOldSessionInTheArchiveShowsAfterAMinute(t *testing.T) {
	w := newWorld(t)
	for i := range 60 {
		id := fmt.Sprintf("s%02d", i)
		w.session(id, "title", id)
		w.say(id, "user", "x")
	}
	synctest.Test(t, func(t *testing.T) {
		d := Open(w.path, "")
		defer d.Close()
		archived := func() bool { all := list0(t, d); return all[len(all)-1].Archived }
		archived()
		w.exec(`UPDATE sessions SET archived = 1 WHERE id = 's00'`)
		if archived() {
			t.Fatal("it is read anew with every change")
		}
		start := time.Now()
		if err := d.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(start); waited < closeLook-2*look || waited > closeLook+2*look {
			t.Errorf("waited %v", waited)
		}
		if !archived() {
			t.Error("the archive is not seen")
		}
	})
}

func TestNobodyWhoFollowsIsNobodyToHurryFor(t *testing.T) {
	w := newWorld(t)
	w.session("s1")
	w.say("s1", "user", "hi")
	synctest.Test(t, func(t *testing.T) {
		d := Open(w.path, "")
		defer d.Close()
		d.Follow(false)
		list0(t, d)
		start := time.Now()
		seen := make(chan time.Duration)
		wait := func() {
			if err := d.Wait(t.Context()); err != nil {
				t.Error(err)
			}
			seen <- time.Since(start)
		}
		go wait()
		synctest.Wait()
		w.say("s1", "assistant", "hello")
		if after := <-seen; after != seldom {
			t.Errorf("a change is seen after %v", after)
		}
		list0(t, d)
		go wait()
		synctest.Wait()
		time.Sleep(time.Second)
		w.say("s1", "user", "and now")
		start = time.Now()
		d.Follow(true)
		if after := <-seen; after != 0 {
			t.Errorf("who begins to follow sees a change after %v", after)
		}
	})
}

func TestADatabaseSettlesWhenNobodyWrites(t *testing.T) {
	w := newWorld(t)
	w.session("s1")
	synctest.Test(t, func(t *testing.T) {
		d := Open(w.path, "")
		defer d.Close()
		list0(t, d)
		start := time.Now()
		done := make(chan time.Duration)
		go func() {
			if err := d.Settle(t.Context()); err != nil {
				t.Error(err)
			}
			done <- time.Since(start)
		}()
		for range 3 {
			time.Sleep(still / 2)
			w.say("s1", "user", "more")
			time.Sleep(still / 2)
		}
		if took := <-done; took < 3*still || took > 5*still {
			t.Errorf("it was taken for settled after %v", took)
		}
	})
}
