package main

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// recorded are three stages that write down what happens to them.
func recorded(did *[]string, failing string) stages {
	one := func(name string) stage {
		return stage{
			name: name,
			start: func(context.Context) error {
				*did = append(*did, "+"+name)
				if name == failing {
					return errors.New("broken")
				}
				return nil
			},
			stop: func(context.Context) error { *did = append(*did, "-"+name); return nil },
		}
	}
	return stages{one("a"), one("b"), one("c")}
}

func TestStagesStopInReverseOrder(t *testing.T) {
	var did []string
	err := recorded(&did, "").run(t.Context(), t.Context(), slog.New(slog.DiscardHandler),
		func(context.Context) error { did = append(did, "work"); return nil })
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"+a", "+b", "+c", "work", "-c", "-b", "-a"}
	if !slices.Equal(did, want) {
		t.Errorf("got %v, want %v", did, want)
	}
}

func TestAFailedStartStopsOnlyWhatWasStarted(t *testing.T) {
	var did []string
	err := recorded(&did, "b").run(t.Context(), t.Context(), slog.New(slog.DiscardHandler),
		func(context.Context) error { t.Error("worked all the same"); return nil })
	if err == nil {
		t.Error("no error")
	}
	if want := []string{"+a", "+b", "-a"}; !slices.Equal(did, want) {
		t.Errorf("got %v, want %v", did, want)
	}
}

func TestAStopDuringTheStartIsNoError(t *testing.T) {
	stop, cancel := context.WithCancel(t.Context())
	slow := stages{{name: "migration", start: func(ctx context.Context) error {
		cancel()
		<-ctx.Done()
		return ctx.Err()
	}}}
	err := slow.run(stop, t.Context(), slog.New(slog.DiscardHandler),
		func(context.Context) error { t.Error("worked all the same"); return nil })
	if err != nil {
		t.Errorf("got %v, want no error", err)
	}
}

func TestAStageThatHangsDoesNotHoldTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var did []string
		hang := make(chan struct{})
		s := stages{recorded(&did, "")[0], {
			name:  "hangs",
			grace: 10 * time.Second,
			stop:  func(context.Context) error { <-hang; return nil },
		}}
		began := time.Now()
		err := s.run(t.Context(), t.Context(), slog.New(slog.DiscardHandler),
			func(context.Context) error { return nil })
		if took := time.Since(began); err != nil || took != 11*time.Second {
			t.Errorf("ended after %v with %v, want 11s and no error", took, err)
		}
		if want := []string{"+a", "-a"}; !slices.Equal(did, want) {
			t.Errorf("got %v, want %v", did, want)
		}
		close(hang)
	})
}

func TestTheSecondSignalHurries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stop, cancelStop := context.WithCancel(t.Context())
		now, cancelNow := context.WithCancel(t.Context())
		hang := make(chan struct{})
		s := stages{{name: "hangs", grace: time.Hour, stop: func(context.Context) error { <-hang; return nil }}}
		time.AfterFunc(time.Second, cancelStop)
		time.AfterFunc(3*time.Second, cancelNow)
		began := time.Now()
		err := s.run(stop, now, slog.New(slog.DiscardHandler),
			func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
		if took := time.Since(began); err != nil || took != 3*time.Second {
			t.Errorf("ended after %v with %v, want 3s and no error", took, err)
		}
		close(hang)
	})
}
