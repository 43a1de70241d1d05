package server_test

import (
	"bytes"
	"flag"
	"os"
	"testing"
	"testing/fstest"

	"hermes-webui/server"
	"hermes-webui/server/health"
)

var update = flag.Bool("update", false, "write openapi.json anew")

// The TypeScript client is generated from the committed file.
func TestTheCommittedDescriptionOfTheAPIIsFresh(t *testing.T) {
	s, err := server.New(server.Config{Pages: fstest.MapFS{}, Health: health.New(), Slog: quiet()})
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	const file = "openapi.json"
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Fatal("openapi.json is stale: run `go test ./server -run Description -update`, then generate the client")
	}
}
