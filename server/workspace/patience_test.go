package workspace

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// A mount that hangs cannot be had in a test; what stands for it does not return.
func TestADiskThatDoesNotAnswerHoldsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, disk, came := New(Config{}), make(chan struct{}), make(chan string, 2*maxHeld)
		hung := func() (string, error) { <-disk; return "root", nil }
		errs := make(chan error)
		for range maxHeld + 1 { // the last one does not even get to the disk
			go func() {
				_, err := soon(p, hung, func(s string) { came <- s })
				errs <- err
			}()
		}
		for range maxHeld + 1 {
			if err := <-errs; !errors.Is(err, errSilent) {
				t.Errorf("got %v", err)
			}
		}
		close(disk)
		synctest.Wait()
		if len(came) != maxHeld {
			t.Errorf("%d of %d were closed that came late", len(came), maxHeld)
		}
		if v, err := soon(p, func() (int, error) { time.Sleep(patience - 1); return 7, nil }, nil); v != 7 || err != nil {
			t.Errorf("a slow disk: %v, %v", v, err)
		}
	})
}
