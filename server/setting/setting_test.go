package setting_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"math"
	"reflect"
	"strings"
	"testing"

	"hermes-webui/server/fault"
	"hermes-webui/server/setting"
)

// shelf keeps rows in memory.
type shelf struct {
	rows map[string]json.RawMessage
	err  error
}

func (s *shelf) Settings(context.Context) (map[string]json.RawMessage, error) { return s.rows, s.err }

func (s *shelf) PutSettings(_ context.Context, values map[string]json.RawMessage) error {
	if s.err == nil {
		maps.Copy(s.rows, values)
	}
	return s.err
}

func open(t *testing.T, kept *shelf) *setting.Book {
	t.Helper()
	b, err := setting.Open(t.Context(), kept, func() []string { return []string{"direct", "demo"} }, func(path string) (string, error) {
		if !strings.HasPrefix(path, "/work") {
			return "", fault.New(fault.Invalid, fault.CodeInvalid, "not there")
		}
		return strings.TrimRight(path, "/"), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func of(id string, m setting.Model) setting.Change {
	return setting.Change{Models: map[string]*setting.Model{id: &m}}
}

func TestWhatCanBeSet(t *testing.T) {
	price := func(in, cached, out float64) setting.Change {
		return of("a/b", setting.Model{Price: &setting.Price{Input: in, Cached: cached, Output: out}})
	}
	for name, c := range map[string]struct {
		change setting.Change
		good   bool
	}{
		"an agent":             {setting.Change{DefaultAgent: new("demo")}, true},
		"no agent":             {setting.Change{DefaultAgent: new("")}, true},
		"nobody":               {setting.Change{DefaultAgent: new("nobody")}, false},
		"a model":              {setting.Change{DefaultModel: new("a/b/c")}, true},
		"no model":             {setting.Change{DefaultModel: new("")}, true},
		"a provider":           {setting.Change{DefaultModel: new("a/")}, false},
		"a bare model":         {setting.Change{DefaultModel: new("b")}, false},
		"a model of nobody":    {setting.Change{DefaultModel: new("/b")}, false},
		"a line break":         {setting.Change{DefaultModel: new("a/b\nc")}, false},
		"a long name":          {setting.Change{DefaultModel: new("a/" + strings.Repeat("b", 255))}, false},
		"an effort":            {setting.Change{DefaultEffort: new("xhigh")}, true},
		"no effort":            {setting.Change{DefaultEffort: new("")}, true},
		"another effort":       {setting.Change{DefaultEffort: new("HIGH")}, false},
		"a window":             {of("a/b", setting.Model{Window: 1_000_000_000}), true},
		"less than none":       {of("a/b", setting.Model{Window: -1}), false},
		"too wide":             {of("a/b", setting.Model{Window: 1_000_000_001}), false},
		"pictures":             {of("a/b", setting.Model{Images: setting.ImagesNo}), true},
		"perhaps pictures":     {of("a/b", setting.Model{Images: "perhaps"}), false},
		"a price":              {price(0, 0, 1_000_000), true},
		"free of charge":       {price(0, 0, 0), true},
		"money back":           {price(0, -0.1, 0), false},
		"too dear":             {price(1_000_001, 0, 0), false},
		"a price of nothing":   {price(math.NaN(), 0, 0), false},
		"an endless price":     {price(0, 0, math.Inf(1)), false},
		"a folder":             {setting.Change{DefaultWorkspace: new("/work/")}, true},
		"no folder":            {setting.Change{DefaultWorkspace: new("")}, true},
		"a folder elsewhere":   {setting.Change{DefaultWorkspace: new("/etc")}, false},
		"plain titles":         {setting.Change{PlainTitles: new(true)}, true},
		"turns outlive":        {setting.Change{TurnsOutlive: new(true)}, true},
		"ask late":             {setting.Change{AskAfter: new(1000)}, true},
		"ask as usual":         {setting.Change{AskAfter: new(0)}, true},
		"ask at once":          {setting.Change{AskAfter: new(4)}, false},
		"never ask":            {setting.Change{AskAfter: new(1001)}, false},
		"shorten early":        {setting.Change{ShortenAt: new(30)}, true},
		"shorten at nothing":   {setting.Change{ShortenAt: new(29)}, false},
		"shorten too late":     {setting.Change{ShortenAt: new(96)}, false},
		"an hour":              {setting.Change{CommandSeconds: new(3600)}, true},
		"less than no time":    {setting.Change{CommandSeconds: new(-1)}, false},
		"more than an hour":    {setting.Change{CommandSeconds: new(3601)}, false},
		"a model without name": {of("b", setting.Model{Window: 1}), false},
	} {
		kept := &shelf{rows: map[string]json.RawMessage{}}
		b := open(t, kept)
		told := 0
		b.OnChange(func() { told++ })
		switch _, err := b.Patch(t.Context(), c.change); {
		case c.good && (err != nil || told != 1 || len(kept.rows) != 1):
			t.Errorf("%s: %v, told %d times, kept %d", name, err, told, len(kept.rows))
		case !c.good && (fault.KindOf(err) != fault.Invalid || told != 0 || len(kept.rows) != 0):
			t.Errorf("%s was taken: %v, told %d times, kept %d", name, err, told, len(kept.rows))
		}
	}
}

func TestWhatCannotBeKeptIsNotBelieved(t *testing.T) {
	kept := &shelf{rows: map[string]json.RawMessage{}}
	b := open(t, kept)
	kept.err = errors.New("the disk is full")
	b.OnChange(func() { t.Error("a change was told") })
	if _, err := b.Patch(t.Context(), of("a/b", setting.Model{Window: 9})); !errors.Is(err, kept.err) {
		t.Fatal(err)
	}
	if d := b.Get(); len(d.Models) != 0 {
		t.Errorf("got %+v", d)
	}
}

func TestWhatWasSetIsThereAgain(t *testing.T) {
	kept := &shelf{rows: map[string]json.RawMessage{}}
	_, err := open(t, kept).Patch(t.Context(), setting.Change{
		DefaultWorkspace: new(" /work/a/ "), PlainTitles: new(true), AskAfter: new(7), ShortenAt: new(60), CommandSeconds: new(900), TurnsOutlive: new(true),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := setting.Document{DefaultWorkspace: "/work/a", PlainTitles: true, AskAfter: 7, ShortenAt: 60, CommandSeconds: 900, TurnsOutlive: true, Models: map[string]setting.Model{}}
	if got := open(t, kept).Get(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	d, err := open(t, kept).Patch(t.Context(), setting.Change{DefaultWorkspace: new(""), PlainTitles: new(false), AskAfter: new(0), ShortenAt: new(0), CommandSeconds: new(0), TurnsOutlive: new(false)})
	if err != nil || !reflect.DeepEqual(d, setting.Document{Models: map[string]setting.Model{}}) {
		t.Errorf("got %+v, %v", d, err)
	}
}

func TestSettingsThatSayNothingAboutAModelAreRemoved(t *testing.T) {
	b := open(t, &shelf{rows: map[string]json.RawMessage{"models": json.RawMessage("null"), "from_a_newer_program": json.RawMessage("1")}})
	for name, last := range map[string]*setting.Model{"null": nil, "nothing": {}} {
		if _, err := b.Patch(t.Context(), of("a/b", setting.Model{Window: 9})); err != nil {
			t.Fatal(err)
		}
		d, err := b.Patch(t.Context(), setting.Change{Models: map[string]*setting.Model{"a/b": last}})
		if err != nil || len(d.Models) != 0 {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
	}
}

func TestDamagedSettingsAreSaid(t *testing.T) {
	kept := &shelf{rows: map[string]json.RawMessage{"models": json.RawMessage("[]")}}
	if _, err := setting.Open(t.Context(), kept, nil, nil); err == nil || !strings.Contains(err.Error(), "models") {
		t.Error(err)
	}
}
