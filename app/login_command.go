package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"hermes-webui/server"
)

// loginWord takes the word behind the command autostart out of the command line.
func loginWord(words []string) (word string, rest []string, err error) {
	if len(words) == 0 || command(words[0]) != cmdLogin {
		return "", words, nil
	}
	if len(words) == 1 || !slices.Contains([]string{"on", "off", "status"}, words[1]) {
		return "", nil, errors.New("autostart needs one of the words on, off and status behind it")
	}
	return words[1], slices.Delete(slices.Clone(words), 1, 2), nil
}

// seeLogin is the command autostart. A server that runs answers, which knows how
// it was started; where none runs this process does it. It prints what is true
// then. The status fails where it is not known, and never because it is off.
func seeLogin(ctx context.Context, c config, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	st, err := askLogin(ctx, c)
	if errors.Is(err, errNoServer) {
		st, err = c.doLogin(ctx)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(out).Encode(st)
	}
	text := st.Text
	if !st.Possible && c.Word == "status" {
		text += " It cannot be turned on here: " + st.Why
	}
	_, err = fmt.Fprintln(out, text)
	return err
}

// doLogin does what the command says.
func (c config) doLogin(ctx context.Context) (server.AutostartState, error) {
	// This process is a command: what started it says nothing of the server.
	l := &login{config: c, changed: func() {}}
	if c.Word == "status" {
		return l.State(ctx)
	}
	return l.Set(ctx, c.Word == "on")
}

// askLogin lets the running server do it.
func askLogin(ctx context.Context, c config) (st server.AutostartState, err error) {
	method, body := http.MethodGet, []byte(nil)
	if c.Word != "status" {
		method, body = http.MethodPut, fmt.Appendf(nil, `{"on":%t}`, c.Word == "on")
	}
	req, err := http.NewRequestWithContext(ctx, method, controlURL+"/api/system/autostart", bytes.NewReader(body))
	if err != nil {
		return st, err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := controlClient(c.StateDir).Do(req)
	if err != nil {
		return st, err
	}
	defer func() { _ = res.Body.Close() }() // it was only read
	answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return st, err
	}
	if res.StatusCode == http.StatusOK {
		return st, json.Unmarshal(answer, &st)
	}
	var problem struct{ Detail string }
	if json.Unmarshal(answer, &problem) != nil || problem.Detail == "" {
		return st, fmt.Errorf("the server answers %s", res.Status)
	}
	return st, errors.New(problem.Detail)
}
