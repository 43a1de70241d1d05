package health_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"hermes-webui/server/health"
)

func run(t *testing.T, c *health.Checks) health.Round {
	t.Helper()
	r, err := c.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestARoundIsTheSameForASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		looks, told := 0, 0
		var c health.Checks
		c.OnRound(func(health.Round) { told++ })
		c.Put(health.Checker{Name: "one", Look: func(context.Context) (health.Finding, error) {
			looks++
			return health.Finding{Status: health.OK}, nil
		}})
		first := run(t, &c)
		time.Sleep(999 * time.Millisecond)
		if again := run(t, &c); !again.At.Equal(first.At) || looks != 1 || told != 1 {
			t.Fatalf("%v, %v, %d looks", first.At, again.At, looks)
		}
		time.Sleep(time.Millisecond)
		if later := run(t, &c); later.At.Equal(first.At) || looks != 2 || told != 2 || !c.Last().At.Equal(later.At) {
			t.Fatalf("%v, %d looks", later.At, looks)
		}
	})
}

func TestWhatHangsIsNotedInTimeAndAskedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var looks atomic.Int32
		release := make(chan struct{})
		var c health.Checks
		c.Put(
			health.Checker{Name: "deaf", Look: func(context.Context) (health.Finding, error) {
				looks.Add(1)
				<-release
				return health.Finding{Status: health.OK, Says: "Back."}, nil
			}},
			health.Checker{Name: "polite", Within: time.Second, Hangs: health.Finding{Status: health.Warning, Says: "Slow."},
				Look: func(ctx context.Context) (health.Finding, error) {
					<-ctx.Done()
					return health.Finding{}, context.Cause(ctx)
				}},
			health.Checker{Name: "well", Look: func(context.Context) (health.Finding, error) {
				return health.Finding{Status: health.OK}, nil
			}},
		)
		for range 3 {
			begin := time.Now()
			r := run(t, &c)
			if took := time.Since(begin); took != 2*time.Second {
				t.Fatalf("the round took %v", took)
			}
			deaf := r.Checks["deaf"]
			if deaf.Status != health.Blocked || deaf.Millis != 2000 || deaf.Fix == "" || !errors.Is(deaf.Err, health.ErrHangs) || r.Checks.Well() {
				t.Fatalf("%+v", deaf)
			}
			if polite := r.Checks["polite"]; polite.Status != health.Warning || polite.Says != "Slow." || r.Checks["well"].Millis != 0 {
				t.Fatalf("%+v", r)
			}
			time.Sleep(time.Second)
		}
		if looks.Load() != 1 {
			t.Fatalf("it was asked %d times while it hung", looks.Load())
		}
		close(release)
		synctest.Wait()
		if r := run(t, &c); r.Checks["deaf"].Says != "Back." || looks.Load() != 2 {
			t.Fatalf("%+v", r)
		}
	})
}

func TestWhoStopsWaitingLeavesTheRoundToTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c health.Checks
		c.Put(health.Checker{Name: "slow", Look: func(context.Context) (health.Finding, error) {
			time.Sleep(time.Second)
			return health.Finding{Status: health.OK}, nil
		}})
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if _, err := c.Run(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
		if r := run(t, &c); r.Checks["slow"].Status != health.OK || r.Checks["slow"].Millis != 1000 {
			t.Fatalf("%+v", r)
		}
	})
}

func TestACheckThatPanicsOrFailsHasItsWordsForTheLogOnly(t *testing.T) {
	var c health.Checks
	c.Put(
		health.Checker{Name: "panics", Look: func(context.Context) (health.Finding, error) { panic("inner words") }},
		health.Checker{Name: "fails", Look: func(context.Context) (health.Finding, error) { return health.Finding{}, errors.New("inner words") }},
	)
	for name, r := range run(t, &c).Checks {
		if r.Status != health.Error || r.Code != "internal" || r.Says == "" || r.Fix == "" || strings.Contains(r.Says+r.Fix, "inner") {
			t.Errorf("%s: %+v", name, r)
		}
		if r.Err == nil || !strings.Contains(r.Err.Error(), "inner words") {
			t.Errorf("%s: the log gets %v", name, r.Err)
		}
	}
}

func TestALaterCheckTakesThePlaceOfOneOfTheSameName(t *testing.T) {
	var c health.Checks
	for _, says := range []string{"First.", "Second."} {
		c.Put(health.Checker{Name: "front", Look: func(context.Context) (health.Finding, error) {
			return health.Finding{Status: health.OK, Says: says}, nil
		}})
	}
	if r := run(t, &c); len(r.Checks) != 1 || r.Checks["front"].Says != "Second." {
		t.Errorf("%+v", r)
	}
}

func TestMetricsAreEscaped(t *testing.T) {
	got := string(health.Text([]health.Metric{
		{Name: "a", Kind: health.Gauge, Help: "Back\\slash\nand \"line\".", Samples: []health.Sample{
			{Labels: map[string]string{"b": "x\"y\\z\n", "a": "1"}, Value: 0.5}, {Value: 1e21},
		}},
		{Name: "nothing", Kind: health.Counter, Help: "Left out."},
	}))
	want := "# HELP a Back\\\\slash\\nand \"line\".\n# TYPE a gauge\na{a=\"1\",b=\"x\\\"y\\\\z\\n\"} 0.5\na 1e+21\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
