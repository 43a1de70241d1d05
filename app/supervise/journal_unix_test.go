//go:build unix

package supervise

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestTheJournalGetsPrioritiesAndNoTime(t *testing.T) {
	var b bytes.Buffer
	log := slog.New(NewJournal(&b, slog.LevelInfo)).With("run", 7)
	log.Info("begins")
	log.Warn("slow", "took", "1s")
	log.WithGroup("g").Error("gone", "why", "two words")
	log.Debug("not told")
	want := "<6>msg=begins run=7\n<4>msg=slow run=7 took=1s\n<3>msg=gone run=7 g.why=\"two words\"\n"
	if b.String() != want {
		t.Errorf("wrote %q, want %q", b.String(), want)
	}
	b.Reset()
	slog.New(NewJournal(&b, slog.LevelDebug)).Debug("told")
	if want := "<7>msg=told\n"; b.String() != want {
		t.Errorf("wrote %q, want %q", b.String(), want)
	}
}

func TestTheJournalIsKnownByItsStream(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var st syscall.Stat_t
	if err := syscall.Fstat(int(f.Fd()), &st); err != nil {
		t.Fatal(err)
	}
	for stream, want := range map[string]bool{fmt.Sprintf("%d:%d", st.Dev, st.Ino): true, "8:1": false, "": false} {
		if got := ToJournal(f, vars(map[string]string{"JOURNAL_STREAM": stream})); got != want {
			t.Errorf("JOURNAL_STREAM=%s: %v", stream, got)
		}
	}
}
