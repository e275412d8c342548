package web_test

import (
	"strconv"
	"testing"
	"time"

	"feierabend/internal/web"
)

// TestFloodForgetsOldestOnly: a full counter gives up one key, the one that acted
// longest ago. Whoever comes from many networks frees nobody else by that.
func TestFloodForgetsOldestOnly(t *testing.T) {
	allow, keys := web.NewFlood(10, time.Hour)
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	next := func() time.Time { now = now.Add(time.Second); return now }
	for i := range 10 {
		allow("k"+strconv.Itoa(i), 2, next())
	}
	if !allow("k0", 2, next()) || allow("k0", 2, next()) {
		t.Fatal("k0 may act twice and not three times")
	}
	for i := range 9 { // k1 to k9 acted before k0 did for the second time
		if !allow("new"+strconv.Itoa(i), 1, next()) {
			t.Errorf("new%d refused while full", i)
		}
		if allow("k0", 2, next()) {
			t.Fatalf("k0 was forgotten with new%d", i)
		}
		if n := keys(); n != 10 {
			t.Fatalf("%d keys, want 10", n)
		}
	}
	if allow("new8", 1, next()) {
		t.Error("new8 was forgotten")
	}
	allow("last", 1, next())
	if !allow("k0", 2, next()) {
		t.Error("k0 acted longest ago and was not the one forgotten")
	}
}

// TestFloodEnds: an act ends with its window, and a key without acts with it.
func TestFloodEnds(t *testing.T) {
	allow, keys := web.NewFlood(10, time.Hour)
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for i := range 10 {
		allow("k"+strconv.Itoa(i), 1, now)
	}
	if allow("k3", 1, now.Add(time.Hour-time.Nanosecond)) {
		t.Error("the window ended early")
	}
	if !allow("k3", 1, now.Add(time.Hour)) {
		t.Error("the window did not end")
	}
	if n := keys(); n != 1 {
		t.Errorf("%d keys, want 1", n)
	}
}
