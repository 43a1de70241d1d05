package scripted

import (
	"embed"
)

//go:embed demo.turn
var demoScripts embed.FS

// DemoID is the id of the Demo agent.
const DemoID = "demo"

// Demo returns the Demo agent: what a machine without a model and without a
// network offers, so that a person sees a whole turn. It says plainly that it
// is not a model. It panics if the built-in script is broken, which a test
// rules out.
func Demo() *Driver {
	d, err := New(Options{ID: DemoID, Name: "Demo agent", Demo: true, Scripts: demoScripts, Default: "demo", Speed: 1})
	if err != nil {
		panic(err)
	}
	return d
}
