package provider

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strconv"
	"strings"

	"hermes-webui/server/fault"
)

// redacted is shown in place of a key. It tells that there is one, and nothing
// else.
const redacted = "[key]"

// Key is a secret. However it is printed, logged or encoded, it shows nothing;
// only Reveal hands it out. The secret is behind a pointer because fmt does not
// ask the methods of unexported fields and would print it from inside a struct.
type Key struct{ secret *string }

// NewKey wraps a secret.
func NewKey(s string) Key { return Key{&s} }

// Reveal returns the secret, for the one request that needs it.
func (k Key) Reveal() string {
	if k.secret == nil {
		return ""
	}
	return *k.secret
}

// Empty reports whether there is no key.
func (k Key) Empty() bool { return k.Reveal() == "" }

func (k Key) String() string {
	if k.Empty() {
		return ""
	}
	return redacted
}

func (k Key) GoString() string             { return k.String() }
func (k Key) LogValue() slog.Value         { return slog.StringValue(k.String()) }
func (k Key) MarshalJSON() ([]byte, error) { return json.Marshal(k.String()) }

// Format covers the verbs that would look into the struct, such as %d.
func (k Key) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, k.String()) }

func (k Key) trimmed() Key { return NewKey(strings.TrimSpace(k.Reveal())) }

// maxKey is far above any real key, in bytes.
const maxKey = 8 << 10

// cleanKey accepts what can stand in an HTTP header.
func cleanKey(s string) (Key, error) {
	s = strings.TrimSpace(s)
	if len(s) > maxKey {
		return Key{}, fault.New(fault.Invalid, fault.CodeInvalid, "The key is too long to be one.")
	}
	for _, c := range []byte(s) {
		if c <= ' ' || c > '~' {
			return Key{}, fault.New(fault.Invalid, fault.CodeInvalid,
				"The key holds a space or a character that keys do not have. Copy it again.")
		}
	}
	return NewKey(s), nil
}

// cleanURL checks an address and cuts what people paste too much of. "" stays
// "": the provider's own address.
func cleanURL(s string) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.Opaque != "" {
		// The cause would repeat the address, which may hold a password.
		return "", badURL("The address must look like https://host/v1 or http://localhost:1234/v1.")
	}
	if !dialable(u) {
		return "", badURL("The address must look like https://host/v1 or http://localhost:1234/v1, with a port up to 65535.")
	}
	if u.User != nil {
		return "", badURL("The address must not hold a user name or password. Enter the key in its own field.")
	}
	if u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return "", badURL("The address must not have a ? or # part.")
	}
	path := strings.TrimRight(u.EscapedPath(), "/")
	for _, end := range []string{"/chat/completions", "/messages"} {
		path = strings.TrimRight(strings.TrimSuffix(path, end), "/")
	}
	return u.Scheme + "://" + strings.ToLower(u.Host) + path, nil
}

// dialable reports whether host and port can be what they look like. A zone
// (fe80::1%eth0) cannot stand in an address that is written and read again.
func dialable(u *url.URL) bool {
	if strings.Contains(u.Host, "%") {
		return false
	}
	if u.Port() == "" {
		return true
	}
	n, err := strconv.ParseUint(u.Port(), 10, 16)
	return err == nil && n > 0
}

func badURL(text string) error { return fault.New(fault.Invalid, fault.CodeInvalid, text) }

// origin returns scheme and host of an address, or those of the provider's own
// address where none is set.
func origin(s, own string) string {
	if s == "" {
		s = own
	}
	u, err := url.Parse(s)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + strings.ToLower(u.Host)
}

// textOf returns the sentence of an error for people.
func textOf(err error) string {
	if e, ok := errors.AsType[*fault.Error](err); ok {
		return e.Text
	}
	return "The settings of the providers cannot be read."
}
