package main

import "context"

// bench runs all Go benchmarks; further arguments go to `go test`. Without any it
// then measures the page in the browser.
func bench(ctx context.Context, args []string) error {
	call := []string{"test", "-run", "^$", "-bench", ".", "-benchmem"}
	call = append(append(call, args...), "./app/...", "./server/...")
	if err := (tool{}).run(ctx, "go", call...); err != nil || len(args) > 0 {
		return err
	}
	if err := bin(ctx, nil); err != nil {
		return err
	}
	if err := chromium(ctx); err != nil {
		return err
	}
	_, err := npm(ctx, "bench")
	return err
}
