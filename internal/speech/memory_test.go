package speech

import "testing"

func TestAvailable(t *testing.T) {
	for text, want := range map[string]int64{
		"MemTotal:  9 kB\nMemAvailable:    2048 kB\nBuffers: 1 kB\n": 2 << 20,
		"MemAvailable:": 0, "MemTotal: 5 kB": 0, "": 0, "MemAvailable: x kB": 0,
	} {
		got, ok := available([]byte(text))
		if ok != (want > 0) || ok && got != want {
			t.Errorf("%q: %d %v, want %d", text, got, ok, want)
		}
	}
}
