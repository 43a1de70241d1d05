package direct

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// refusal is why a provider gave no answer, or no whole one, in words for
// people.
type refusal struct {
	code  fault.Code
	text  string        // the sentence; never holds a key
	brief string        // for the status while it is tried again
	tries int           // how often more it makes sense to try
	wait  time.Duration // before the next try
	until time.Time     // when the provider said that it may work again; zero = not said
	cause error         // for the log
}

func (r *refusal) Error() string { return string(r.code) + ": " + r.text }
func (r *refusal) Unwrap() error { return r.cause }

// failure is the form in which a turn keeps it.
func (r *refusal) failure() *chat.Failure {
	f := &chat.Failure{Code: string(r.code), Text: r.text}
	if !r.until.IsZero() {
		at := chat.At(r.until)
		f.RetryAt = &at
	}
	return f
}

const (
	// maxWait is the longest pause that a person is kept waiting for another
	// try without having asked for it.
	maxWait      = 20 * time.Second
	downWait     = time.Second
	busyWait     = 3 * time.Second
	limitedTries = 2
	downTries    = 1
)

// refused makes a refusal of what a server reported. h is nil for errors inside
// a stream.
func refused(e Endpoint, t trouble, h http.Header, now time.Time) *refusal {
	wait, said := retryAfter(h, now)
	words := shown(t.words, e.Key())
	r := &refusal{cause: t}
	switch {
	case t.status == http.StatusUnauthorized:
		// The server's words are left out: they like to repeat parts of the key.
		r.code = fault.CodeProviderAuth
		r.text = fmt.Sprintf("%s does not accept the key (401). Check the key %s.", e.title(), e.KeyAt)
		if e.Key() == "" {
			r.text = fmt.Sprintf("%s wants a key (401). Enter one %s.", e.title(), e.KeyAt)
		}
	case t.status == http.StatusForbidden:
		r.code = fault.CodeProviderAuth
		r.text = fmt.Sprintf("%s does not allow this with the key that is set (403)%s Check the key %s and what it may do.", e.title(), quoted(words), e.KeyAt)
	case t.status == http.StatusTooManyRequests:
		r.code, r.brief, r.tries, r.wait = fault.CodeProviderLimit, "Provider is busy", limitedTries, busyWait
		r.text = fmt.Sprintf("%s takes no more requests for now (429)%s", e.title(), quoted(words))
		if spent(t) {
			r.tries = 0
			r.text = fmt.Sprintf("%s refuses: the account's quota or credit is used up (429)%s", e.title(), quoted(words))
		}
	case t.status == http.StatusRequestTimeout || t.status >= 500:
		r.code, r.brief, r.tries, r.wait = fault.CodeProviderDown, "Provider has trouble", downTries, downWait
		r.text = fmt.Sprintf("%s has trouble answering (%d)%s", e.title(), t.status, quoted(words))
		if t.status == 529 || t.status == http.StatusServiceUnavailable {
			r.brief = "Provider is overloaded"
			r.text = fmt.Sprintf("%s is overloaded or not available now (%d)%s", e.title(), t.status, quoted(words))
		}
	case t.status >= 300 && t.status < 400:
		r.code = fault.CodeProviderOther
		r.text = fmt.Sprintf("%s sends requests on to another address (%d). Enter that address under Settings, Models and providers.", e.title(), t.status)
	case t.status == http.StatusNotFound:
		r.code = fault.CodeProviderOther
		r.text = fmt.Sprintf("%s does not know this model or address (404)%s Choose another model, or check the address under Settings, Models and providers.", e.title(), quoted(words))
	case t.status == 0:
		r.code = fault.CodeProviderOther
		r.text = fmt.Sprintf("%s reports an error%s", e.title(), quoted(words))
	default:
		r.code = fault.CodeProviderOther
		r.text = fmt.Sprintf("%s refuses the request (%d)%s", e.title(), t.status, quoted(words))
	}
	if said && (r.code == fault.CodeProviderLimit || r.code == fault.CodeProviderDown) {
		r.wait, r.until = wait, now.Add(wait)
	}
	return r
}

// quoted puts the server's own words behind a sentence.
func quoted(words string) string {
	if words == "" {
		return "."
	}
	return ": “" + words + "”."
}

// spent reports whether waiting would not help.
func spent(t trouble) bool {
	kind := strings.ToLower(t.kind)
	return kind == "insufficient_quota" || kind == "billing_hard_limit_reached"
}

// unreached makes a refusal of an error on the way to the server or back.
// began: an answer had begun to arrive.
func unreached(ctx context.Context, e Endpoint, err error, began bool, quiet time.Duration) *refusal {
	r := &refusal{code: fault.CodeProviderDown, brief: "Provider cannot be reached", tries: downTries, wait: downWait, cause: err}
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	switch {
	case errors.Is(context.Cause(ctx), errQuiet):
		r.tries = 0
		r.text = fmt.Sprintf("%s sent nothing for %s, so the request was given up. Try again, or check the server.", e.title(), spoken(quiet))
	case errors.Is(err, errHuge):
		r.code, r.tries = fault.CodeProviderOther, 0
		r.text = fmt.Sprintf("%s sent a piece of more than %d MB, which is no model's answer. Check the address under Settings, Models and providers.", e.title(), maxEvent>>20)
	case errors.As(err, &dns) && dns.IsNotFound:
		r.tries = 0
		r.text = fmt.Sprintf("There is no host %s. Check the address under Settings, Models and providers, and the connection to the internet.", e.host())
	case errors.As(err, &cert):
		r.tries = 0
		r.text = fmt.Sprintf("The certificate of %s cannot be trusted, so nothing was sent. Check the address and the clock of this machine.", e.title())
	case errors.As(err, &record):
		r.tries = 0
		r.text = fmt.Sprintf("%s does not speak https. If it is a server of your own, enter its address with http:// under Settings, Models and providers.", e.title())
	case began:
		r.brief = "Provider broke off"
		r.text = fmt.Sprintf("The connection to %s broke off in the middle of the answer. What arrived is kept; continue or try again.", e.title())
	default:
		r.text = fmt.Sprintf("%s cannot be reached. Check that it runs, and its address under Settings, Models and providers.", e.title())
	}
	return r
}

// unreadable makes a refusal of an answer that is none.
func unreadable(e Endpoint, err error) *refusal {
	return &refusal{
		code: fault.CodeProviderOther, cause: err,
		text: fmt.Sprintf("%s sent something that is not a model's answer. Check the address under Settings, Models and providers.", e.title()),
	}
}

// retryAfter reads when a server wants to be asked again. said is false where
// it says nothing that can be understood.
func retryAfter(h http.Header, now time.Time) (wait time.Duration, said bool) {
	if ms, err := strconv.ParseFloat(h.Get("Retry-After-Ms"), 64); err == nil {
		return bounded(ms / 1000)
	}
	v := strings.TrimSpace(h.Get("Retry-After"))
	if v == "" {
		return 0, false
	}
	if s, err := strconv.ParseFloat(v, 64); err == nil {
		return bounded(s)
	}
	at, err := http.ParseTime(v)
	if err != nil {
		return 0, false
	}
	return max(0, at.Sub(now)), true
}

// bounded takes seconds between none and a year; NaN is nothing said.
func bounded(s float64) (time.Duration, bool) {
	const year = 365 * 24 * 3600
	if !(s >= 0 && s <= year) {
		return 0, false
	}
	return time.Duration(s * float64(time.Second)), true
}

// spoken writes a pause for people: "8 s", "5 min".
func spoken(d time.Duration) string {
	if d >= 2*time.Minute {
		return strconv.Itoa(int(d.Round(time.Minute)/time.Minute)) + " min"
	}
	return strconv.Itoa(int(max(time.Second, d.Round(time.Second))/time.Second)) + " s"
}
