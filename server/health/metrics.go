package health

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"runtime/metrics"
	"slices"
	"strconv"
	"strings"
)

// Kind is how a metric behaves, in the words of Prometheus.
type Kind string

const (
	// Counter only grows, until the program starts again.
	Counter Kind = "counter"
	// Gauge goes up and down.
	Gauge Kind = "gauge"
)

// Metric is something that is counted.
type Metric struct {
	Name    string // hermes_webui_…, counters with _total at the end, base units
	Kind    Kind
	Help    string
	Samples []Sample
}

// Sample is a value and what tells it from the others of its metric.
type Sample struct {
	Labels map[string]string
	Value  float64
}

// One is a metric with one value.
func One[N ~int | ~int64 | ~uint64 | ~float64](name string, kind Kind, help string, value N) Metric {
	return Metric{name, kind, help, []Sample{{Value: float64(value)}}}
}

// MetricsType is the content type of what Text writes.
const MetricsType = "text/plain; version=0.0.4; charset=utf-8"

// Text writes metrics in the text format of Prometheus, version 0.0.4.
func Text(all []Metric) []byte {
	var b bytes.Buffer
	for _, m := range all {
		if len(m.Samples) == 0 {
			continue
		}
		fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s %s\n", m.Name, helpEscape.Replace(m.Help), m.Name, m.Kind)
		for _, s := range m.Samples {
			fmt.Fprintf(&b, "%s%s %s\n", m.Name, labels(s.Labels), value(s.Value))
		}
	}
	return b.Bytes()
}

var (
	helpEscape  = strings.NewReplacer(`\`, `\\`, "\n", `\n`)
	labelEscape = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)
)

func labels(l map[string]string) string {
	if len(l) == 0 {
		return ""
	}
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(l)) {
		pairs = append(pairs, name+`="`+labelEscape.Replace(l[name])+`"`)
	}
	return "{" + strings.Join(pairs, ",") + "}"
}

func value(v float64) string {
	switch {
	case math.IsInf(v, 1):
		return "+Inf"
	case math.IsInf(v, -1):
		return "-Inf"
	case math.IsNaN(v):
		return "NaN"
	default:
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
}

// Metrics says what a report counts.
func (r Report) Metrics() []Metric {
	waiting := 0
	for _, one := range r.Runs {
		if one.Phase == "waiting" {
			waiting++
		}
	}
	return []Metric{
		One("process_start_time_seconds", Gauge, "When the program started, in seconds since 1970.", r.ServerStarted),
		One("hermes_webui_connections_accepted_total", Counter, "Connections that were accepted.", r.AcceptLoop.Total),
		One("hermes_webui_last_accept_time_seconds", Gauge, "When the last connection was accepted, in seconds since 1970; 0 = never.", r.AcceptLoop.Last),
		One("hermes_webui_http_requests_total", Counter, "Requests that were answered or are being answered.", r.Requests),
		One("hermes_webui_streams", Gauge, "Open event streams.", r.ActiveStreams),
		{"hermes_webui_runs", Gauge, "Live turns, by what they do.", []Sample{
			{map[string]string{"phase": "running"}, float64(r.ActiveRuns - waiting)},
			{map[string]string{"phase": "waiting"}, float64(waiting)},
		}},
	}
}

// Metrics says what the last round found; nothing is asked.
func (r Round) Metrics() []Metric {
	if r.At.IsZero() {
		return nil
	}
	well := Metric{"hermes_webui_check_well", Gauge, "1 where a part needs no restart, by check and status.", nil}
	took := Metric{"hermes_webui_check_duration_seconds", Gauge, "How long a check took.", nil}
	for _, name := range slices.Sorted(maps.Keys(r.Checks)) {
		one := r.Checks[name]
		ok := 0.0
		if one.Status.Well() {
			ok = 1
		}
		well.Samples = append(well.Samples, Sample{map[string]string{"check": name, "status": string(one.Status)}, ok})
		took.Samples = append(took.Samples, Sample{map[string]string{"check": name}, one.Millis / 1000})
	}
	at := One("hermes_webui_checked_time_seconds", Gauge, "When the parts were looked at, in seconds since 1970.", unix(r.At))
	return []Metric{well, took, at}
}

// Process says what this process uses.
func Process() []Metric {
	samples := []metrics.Sample{
		{Name: "/sched/goroutines:goroutines"}, {Name: "/memory/classes/heap/objects:bytes"},
		{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"},
	}
	metrics.Read(samples)
	of := func(i int) uint64 {
		if samples[i].Value.Kind() != metrics.KindUint64 {
			return 0
		}
		return samples[i].Value.Uint64()
	}
	all := []Metric{
		One("go_goroutines", Gauge, "Tasks of the program.", of(0)),
		One("hermes_webui_heap_bytes", Gauge, "Memory that is in use.", of(1)),
		One("hermes_webui_memory_bytes", Gauge, "Memory that the program has from the system.", of(2)-of(3)),
	}
	if rss, ok := resident(); ok {
		all = append(all, One("process_resident_memory_bytes", Gauge, "Memory of the process that is in RAM.", rss))
	}
	if n, err := openDescriptors(); err == nil {
		all = append(all, One("process_open_fds", Gauge, "Open descriptors.", n))
	}
	if most, ok := descriptorLimit(); ok {
		all = append(all, One("process_max_fds", Gauge, "How many descriptors may be open.", most))
	}
	return all
}
