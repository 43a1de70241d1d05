package main

import "context"

// bench runs all Go benchmarks; further arguments go to `go test`.
func bench(ctx context.Context, args []string) error {
	call := []string{"test", "-run", "^$", "-bench", ".", "-benchmem"}
	call = append(append(call, args...), "./app/...", "./server/...")
	return tool{}.run(ctx, "go", call...)
}
