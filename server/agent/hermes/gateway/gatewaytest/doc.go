// Package gatewaytest is a double of the Hermes Agent's gateway: it speaks the
// protocol over any stream, in this process or as a child, in the style of 0.19
// (prompts to a person are events) or of 0.21 and later (they are requests), and
// misbehaves where a test wants it to. Recordings are what the real agent sent.
package gatewaytest

// Options say how a double behaves. The zero value is an agent of 0.19 that works.
type Options struct {
	Requests bool   // the style of 0.21 and later
	Mute     bool   // never becomes ready
	Deaf     bool   // once ready, answers no pings
	Fails    bool   // ends with status 3 before it is ready
	DiesAt   string // a method at which it ends with status 3, without an answer
	Lingers  bool   // goes on when its input ends and when it is asked to end
	Helper   bool   // starts a process in a session of its own, as real agents do
	Says     string // on its standard error, before all else
	Record   string // the name of a recording that it plays in place of scenes
}
