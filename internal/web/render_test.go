package web

import (
	"testing"
	"time"
)

func TestViewsParse(t *testing.T) {
	a, err := loadAssets()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := loadViews(a, time.UTC); err != nil {
		t.Fatal(err)
	}
}
