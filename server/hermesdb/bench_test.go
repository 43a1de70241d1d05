package hermesdb

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// big is a home of years: 5,000 sessions with their long prompts, 150,000
// messages, one session of 2,000 and one of 2,000 that was compressed.
func big(b *testing.B) *world {
	w := newWorld(b)
	for _, table := range []string{"messages_fts", "messages_fts_trigram"} { // they are not read, and slow to fill
		for _, when := range []string{"insert", "delete", "update"} {
			w.exec(`DROP TRIGGER ` + table + `_` + when)
		}
	}
	words := strings.Repeat("some words of an answer ", 20)
	w.exec(`BEGIN`)
	for i := range 5000 {
		id := fmt.Sprintf("2026_%05d", i)
		w.session(id, "title", "Title of "+id, "system_prompt", strings.Repeat("x", 15_000), "cwd", "/home/u/project", "model_config", `{"max_iterations":90}`)
		n := 29
		if i == 4000 || i == 4001 {
			n = 2000
		}
		for m := range n {
			w.say(id, []string{"user", "assistant", "assistant", "tool"}[m%4], words+fmt.Sprint(m))
		}
	}
	w.exec(`UPDATE messages SET active = 0, compacted = 1 WHERE session_id = '2026_04001'`)
	w.say("2026_04001", "user", summaryMark+" words")
	for m := 1980; m < 2000; m++ {
		w.say("2026_04001", []string{"user", "assistant", "assistant", "tool"}[m%4], words+fmt.Sprint(m))
	}
	w.exec(`COMMIT`)
	return w
}

// Goals: a list after one change within 50 ms, a page within 20 ms.
func BenchmarkReading(b *testing.B) {
	w := big(b)
	d := w.reader()
	b.Run("list from nothing", func(b *testing.B) {
		for b.Loop() {
			fresh := Open(w.path, "")
			list0(b, fresh)
			_ = fresh.Close()
		}
	})
	b.Run("list after one change", func(b *testing.B) {
		list0(b, d)
		var took time.Duration
		for b.Loop() {
			w.say("2026_00100", "user", "again")
			start := time.Now()
			list0(b, d)
			took += time.Since(start)
		}
		b.ReportMetric(float64(took.Microseconds())/float64(b.N)/1000, "ms/list")
	})
	b.Run("list without a change", func(b *testing.B) {
		for b.Loop() {
			list0(b, d)
		}
	})
	for name, id := range map[string]string{"plain": "2026_04000", "compressed": "2026_04001"} {
		b.Run("page of 2000 rows "+name, func(b *testing.B) {
			for b.Loop() {
				if turns, _ := page0(b, d, id, 0, 30); len(turns) != 30 {
					b.Fatal(len(turns))
				}
			}
		})
	}
	b.Run("first page of 2000 rows compressed", func(b *testing.B) {
		for b.Loop() {
			d.file.keys.all = nil
			page0(b, d, "2026_04001", 0, 30)
		}
	})
}
