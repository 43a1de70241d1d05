package store

import "testing"

// No test can aim a purge between two steps of the folding from outside.
func TestATurnThatWasPurgedSinceItWasFoundIsSkipped(t *testing.T) {
	s, err := Open(t.Context(), t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.foldOrSkip(t.Context(), "trn_purged"); err != nil {
		t.Fatal(err)
	}
}
