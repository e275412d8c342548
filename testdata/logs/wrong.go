// Package logs is a fixture: what logs_test.go must see.
package logs

import "log/slog"

func wrong(log *slog.Logger, name string, attrs []any) {
	log.Info("fine", "code", "x", "ms", 3)
	log.Info("hello " + name)
	log.Warn("who", "person", name)
	log.Error("what", attrs...)
}
