// Package gateway is a client of the Hermes Agent's JSON-RPC gateway, as
// `python -m tui_gateway.entry` speaks it over stdio and `hermes serve` over a
// WebSocket. It knows the protocol and no meaning: frames, calls, events by
// session, and requests of the agent (0.21 and later ask a person by a request,
// earlier releases by an event). It forgives what real agents do: answers out of
// order, lines of many megabytes, words that are no JSON, events of sessions
// that nobody listens to yet. A Host keeps the agent's process.
package gateway
