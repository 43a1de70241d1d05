package direct

import (
	"testing"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

func TestCost(t *testing.T) {
	u := chat.Usage{Input: 2_000_000, Cached: 1_000_000, Output: 1_000_000}
	said := u
	said.Cost = 0.5
	for _, c := range []struct {
		price *agent.Price
		usage chat.Usage
		want  float64
	}{
		{nil, u, 0}, {&agent.Price{}, u, 0}, {&agent.Price{Input: 1, Output: 4}, u, 6},
		{&agent.Price{Input: 1, Cached: 0.5, Output: 4}, u, 5.5}, {&agent.Price{Input: 1}, said, 0.5}, {nil, said, 0.5},
		{&agent.Price{Input: 1}, chat.Usage{Input: 1_000_000, Cached: 2_000_000}, 1},
	} {
		if got := cost(c.price, c.usage); got != c.want {
			t.Errorf("%+v: got %v, want %v", c.price, got, c.want)
		}
	}
}
