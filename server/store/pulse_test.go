package store

import (
	"strings"
	"testing"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

func TestAPulseLeavesNothingInTheFile(t *testing.T) {
	s, err := Open(t.Context(), t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	before, err := s.Size()
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if err := s.Pulse(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if after, err := s.Size(); err != nil || after != before {
		t.Errorf("%+v became %+v, %v", before, after, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Pulse(t.Context()); fault.CodeOf(err) != fault.CodeStopping {
		t.Errorf("after the end: %v", err)
	}
}

// A pulse tells of the full disk for as long as it is full, and no longer.
func TestAPulseAfterAFailureTriesToWrite(t *testing.T) {
	s, err := Open(t.Context(), t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	fill := func() error {
		_, err := s.Append(t.Context(), chat.SessionID(chat.NewID(chat.PrefixSession)), "", nil,
			chat.SessionCreated{Title: strings.Repeat("long ", 5000)})
		return err
	}
	limitPages(t, s, 60)
	for err = nil; err == nil; {
		err = fill()
	}
	if fault.CodeOf(err) != fault.CodeDiskFull {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Pulse(t.Context()); err != nil && fault.CodeOf(err) != fault.CodeDiskFull {
			t.Fatal(err)
		}
	}
	limitPages(t, s, 1<<30)
	if err := s.Pulse(t.Context()); err != nil {
		t.Fatal(err)
	}
}
