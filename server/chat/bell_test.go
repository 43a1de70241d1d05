package chat

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

func TestBellLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBell()
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				for seen := Seq(0); seen < 1000; seen++ { // a slow reader: one at a time
					if err := b.Wait(t.Context(), seen, Filter{Sessions: []SessionID{"a"}}); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		for s := range Seq(1000) {
			b.Ring(s+1, "a", s%7 == 0)
		}
		wg.Wait()
	})
}

func TestBellWakesOnlyThoseWhoCanSee(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBell()
		var woken atomic.Int32
		ctx, cancel := context.WithCancel(t.Context())
		for range 100 {
			go func() {
				if b.Wait(ctx, 0, Filter{Sessions: []SessionID{"mine"}}) == nil {
					woken.Add(1)
				}
			}()
		}
		synctest.Wait()
		b.Ring(1, "other", false)
		synctest.Wait()
		if n := woken.Load(); n != 0 {
			t.Errorf("%d readers woke for a detail of another session", n)
		}
		b.Ring(2, "other", true)
		synctest.Wait()
		if n := woken.Load(); n != 100 {
			t.Errorf("%d of 100 readers woke for a headline", n)
		}
		cancel()
	})
}

func TestBellStopsOnCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		why := fmt.Errorf("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		go cancel(why)
		if err := NewBell().Wait(ctx, 0, Filter{}); err != why {
			t.Fatalf("got %v", err)
		}
	})
}

func TestBellForgetsRopesAndStaysRight(t *testing.T) {
	b := NewBell()
	for i := range Seq(3 * maxRopes) {
		b.Ring(i+1, SessionID(fmt.Sprint(i)), false)
	}
	if n := len(b.(*bell).ropes); n > maxRopes {
		t.Errorf("%d ropes are kept", n)
	}
	for i := range Seq(3 * maxRopes) { // whoever has not seen event i+1 must not sleep
		if err := b.Wait(t.Context(), i, Filter{Sessions: []SessionID{SessionID(fmt.Sprint(i))}}); err != nil {
			t.Fatal(err)
		}
	}
}

// A reader that needs a new rope when there is no room for one must not lose
// those that it has found already.
func TestBellMakesRoomForAReaderOfMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBell()
		for i := range maxRopes {
			b.Ring(1, SessionID(fmt.Sprint(i)), false)
		}
		woken := make(chan error, 1)
		go func() { woken <- b.Wait(t.Context(), 1, Filter{Sessions: []SessionID{"0", "new"}}) }()
		synctest.Wait()
		b.Ring(2, "0", false)
		synctest.Wait()
		select {
		case err := <-woken:
			if err != nil {
				t.Error(err)
			}
		default:
			t.Fatal("a reader sleeps through an event")
		}
	})
}
