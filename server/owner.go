package server

import (
	"context"
	"net/http"
)

type ownerKey struct{}

// OwnerHandler is Handler for whoever reaches it with the owner's rights, by a
// way that no browser has: there are no cookies, and the rules against other
// sites' pages (Host, Origin) do not apply.
func (s *Server) OwnerHandler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.handler.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), ownerKey{}, true)))
	})
}

// isOwner reports whether a request came through OwnerHandler.
func isOwner(ctx context.Context) bool {
	owner, _ := ctx.Value(ownerKey{}).(bool)
	return owner
}
