package jobs

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
)

func TestRiverLogsNoValues(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(filter{slog.NewTextHandler(&out, nil)})
	log.Info("fetched", "n", 1)
	log.Warn("slow", "n", 7, "kind", "fetch")
	log.Error("insert failed", "error", errors.New(`duplicate key value (phone)=(+4917139200155)`))
	log.Error("stopping", "error", errors.New("begin: context canceled"))
	log.With("args", `{"Name":"Petersen"}`).Warn("derived")
	got := out.String()
	for _, bad := range []string{"4917139200155", "Petersen", "fetched", "stopping"} {
		if strings.Contains(got, bad) {
			t.Errorf("%q reached the log:\n%s", bad, got)
		}
	}
	for _, want := range []string{"n=7", "kind=fetch", "error=hidden", "args=hidden"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing:\n%s", want, got)
		}
	}
}
