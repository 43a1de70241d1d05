package outbound

import (
	"errors"
	"fmt"
	"net/http"
)

// moved reads a redirect. Within the host it is followed (next), to another one
// it is only told (away): the person was asked about a host, and whom to ask
// next is the model's to say.
func moved(from Target, resp *http.Response) (away string, next *Target, err error) {
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return "", nil, nil
	}
	where := resp.Header.Get("Location")
	if where == "" {
		return "", nil, nil
	}
	u, err := from.url.Parse(where)
	if err != nil || len(where) > maxURL {
		return "", nil, refuse("%s redirects to an address that cannot be read. Fetch another one.", from.Host())
	}
	to, err := parse(u)
	if err != nil {
		refusal, ok := errors.AsType[*Refusal](err)
		return "", nil, &Refusal{
			text: fmt.Sprintf("%s redirects to an address that is not fetched. %v", from.Host(), err), place: ok && refusal.place,
		}
	}
	if !same(from, to) {
		return to.URL(), nil, nil
	}
	return "", &to, nil
}

// same reports whether a permission for one holds for the other: scheme, host
// and port are the same, or a page of http moved to https at its usual port.
func same(from, to Target) bool {
	if from.Host() != to.Host() {
		return false
	}
	return from.url.Scheme == to.url.Scheme || to.url.Scheme == "https" && to.port == standard("https")
}
