package direct

import (
	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

const million = 1e6

// cost is what an answer cost, in US dollars. What the provider says itself
// beats what a price makes of it; 0 where neither is known.
func cost(p *agent.Price, u chat.Usage) float64 {
	if u.Cost > 0 || p == nil {
		return u.Cost
	}
	cached := p.Cached
	if cached == 0 {
		cached = p.Input
	}
	read := min(u.Cached, u.Input) // Input counts what came from a cache as well
	return (float64(u.Input-read)*p.Input + float64(read)*cached + float64(u.Output)*p.Output) / million
}
