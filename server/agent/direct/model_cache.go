package direct

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"hermes-webui/server/agent"
)

const (
	// keptFor is how long a list on the disk says anything at all.
	keptFor    = 30 * 24 * time.Hour
	cacheLimit = 2 * time.Second
)

// cached is a list as it is kept between starts. Nothing of the key is in it,
// nor in its name.
type cached struct {
	At     time.Time     `json:"at"`
	Models []agent.Model `json:"models"`
}

func cacheKey(e Endpoint) string { return "models " + where(e) }

// recall returns the list of an earlier start as a look-up that is over; nil
// where there is none that counts.
func (s *shelf) recall(e Endpoint) *look {
	if s.cache == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(s.ctx, cacheLimit)
	defer cancel()
	raw, err := s.cache.Get(ctx, cacheKey(e))
	var c cached
	if err != nil || raw == nil || json.Unmarshal(raw, &c) != nil {
		return nil // it is looked up anew anyhow
	}
	if age := time.Since(c.At); age < 0 || age > keptFor {
		return nil
	}
	l := &look{done: make(chan struct{}), at: c.At, old: true, list: List{Provider: e.ID, Name: e.Name, Models: []agent.Model{}}}
	for _, m := range c.Models {
		if id, ok := strings.CutPrefix(m.ID, e.ID+"/"); ok && id != "" && m.Provider == e.ID {
			if m.Efforts == nil {
				m.Efforts = []string{}
			}
			l.list.Models = append(l.list.Models, m)
		}
	}
	close(l.done)
	return l
}

// keep writes a list down. A list that is not kept is only looked up again.
func (s *shelf) keep(e Endpoint, l *look) {
	if s.cache == nil {
		return
	}
	raw, err := json.Marshal(cached{l.at, l.list.Models})
	if err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(s.ctx, cacheLimit)
	defer cancel()
	if err := s.cache.Put(ctx, cacheKey(e), raw); err != nil && s.ctx.Err() == nil {
		s.slog.Warn("list of models not kept", "provider", e.ID, "err", err)
	}
}
