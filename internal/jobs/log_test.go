package jobs

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestRiverLogsNoValues(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(filter{slog.NewTextHandler(&out, nil), new(sync.Map)})
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

func TestRiverDoesNotFloodTheLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		log := slog.New(filter{slog.NewTextHandler(&out, nil), new(sync.Map)})
		for range 1000 { // 20 s without a database
			log.Error("Error fetching jobs")
			log.With("n", 1).Error("Error fetching jobs")
			time.Sleep(20 * time.Millisecond)
		}
		log.Error("another")
		if got := strings.Count(out.String(), "fetching"); got != 2 {
			t.Errorf("said %d times in 20 s, want 2", got)
		}
		if !strings.Contains(out.String(), "another") {
			t.Error("another message is held back")
		}
	})
}
