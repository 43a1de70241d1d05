package tray

import "context"

// Tell shows one message of the desktop, for a program that has no tray.
func Tell(ctx context.Context, o Options, n Notice) { newMail(nil, o.Slog).send(ctx, n) }
