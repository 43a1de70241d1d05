package gateway

import (
	"bytes"
	"encoding/json"
	"testing"
)

// Whatever is JSON stays JSON, and what is short stays as it is.
func FuzzShrink(f *testing.F) {
	for _, s := range []string{`{"a":"é\u00e9\ud83d\ude00\"\\","b":[1,2,{"c":null}]}`, `[[],{}," "]`, `"x"`, `1`, `{"a" : [ 1 ,2 ] }`, `"\uu"`} {
		f.Add([]byte(s), 3)
	}
	f.Fuzz(func(t *testing.T, doc []byte, step int) {
		if !json.Valid(doc) {
			return
		}
		var s shrinker
		for rest := doc; len(rest) > 0; {
			n := min(len(rest), max(1, step%64))
			s.write(rest[:n])
			rest = rest[n:]
		}
		out := s.end()
		if s.crazy { // deeper than anything that is meant
			return
		}
		var want bytes.Buffer
		_ = json.Compact(&want, doc) // is valid
		if !bytes.Equal(out, want.Bytes()) {
			t.Errorf("%q became %q", doc, out)
		}
	})
}
