package web

import "testing"

// TestStartStaysSmall: a page of the list of 1,000 cases is under 100 kB (design §9).
func TestStartStaysSmall(t *testing.T) {
	s := sampleServer(t)
	for _, n := range []int{1, 2, 20, 21} {
		body, err := s.views.render(s.startPageSample(n))
		if err != nil {
			t.Fatal(err)
		}
		if len(body) > 100_000 {
			t.Errorf("page %d has %d bytes, want at most 100,000", n, len(body))
		}
		t.Logf("page %d: %d bytes", n, len(body))
	}
}
