package scripted_test

import (
	"os"
	"testing"
	"testing/fstest"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/agenttest"
	"hermes-webui/server/agent/scripted"
	"hermes-webui/server/chat"
)

// contract holds the scripts that the suite plays, beside the fixtures.
var contract = map[string]string{
	"long": "text chunk=1 gap=1ms times=1000000\n    on and on \n",
	"huge": "text chunk=7 times=40000\n    a long text with 🙂 in it\n",
	"ask": `
tool rm
    args {"path": "x"}
    ask approval Remove x?
        command rm x
        on allow
            out
                removed
            done
        on deny
            failed kept
text
    That was it.
`,
	"begins":  "text\n    first\nend\nwait 20ms\nbegin The timer rang\ntext\n    second\n",
	"garbage": "garbage FF FE 00 F0 9F 98\ntext\n    still here\n",
}

// with returns a driver that plays these scripts and the fixtures by
// "/play NAME", without delays.
func with(t *testing.T, speed float64, scripts map[string]string) *scripted.Driver {
	t.Helper()
	files := fstest.MapFS{}
	if err := addFixtures(files); err != nil {
		t.Fatal(err)
	}
	for name, src := range scripts {
		files[name+".turn"] = &fstest.MapFile{Data: []byte(src)}
	}
	d, err := scripted.New(scripted.Options{
		ID: "test", Name: "Test", Scripts: files, Default: "plain", Play: true, Speed: speed,
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

const fixtures = "../../chat/testdata/turns"

func addFixtures(files fstest.MapFS) error {
	entries, err := os.ReadDir(fixtures)
	if err != nil {
		return err
	}
	for _, e := range entries {
		src, err := os.ReadFile(fixtures + "/" + e.Name())
		if err != nil {
			return err
		}
		files[e.Name()] = &fstest.MapFile{Data: src}
	}
	return nil
}

func TestContract(t *testing.T) {
	for name, speed := range map[string]float64{"without delays": 0, "ten times as fast": 10} {
		t.Run(name, func(t *testing.T) {
			agenttest.Run(t, func(t *testing.T) agenttest.Harness {
				return agenttest.Harness{
					Driver:  with(t, speed, contract),
					Session: chat.Session{ID: chat.SessionID(chat.NewID(chat.PrefixSession))},
					Plain:   "/play plain",
					Long:    "/play long",
					Fail:    "/play error",
					Huge:    "/play huge",
					HugeLen: 1_000_000,
					Death:   "/play crash",
					Garbage: "/play garbage",
					Begins:  "/play begins",
					Ask:     "/play ask",
					Allow:   agent.Answer{Choice: "once"},
					Deny:    agent.Answer{Choice: "deny"},
					Allowed: "removed",
					Denied:  "kept",
				}
			})
		})
	}
}
