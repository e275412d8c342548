package whisper

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSplitWindows(t *testing.T) {
	const s = sampleRate
	loud := func(seconds int, quietAt ...float64) []float32 {
		pcm := make([]float32, seconds*s)
		for i := range pcm {
			pcm[i] = 0.5
		}
		for _, q := range quietAt {
			clear(pcm[int(q*s):int((q+0.4)*s)])
		}
		return pcm
	}
	tests := []struct {
		name string
		pcm  []float32
		want []int
	}{
		{"nothing", nil, nil},
		{"one window", loud(10), []int{10 * s}},
		{"exactly one", loud(28), []int{28 * s}},
		{"pause in the last part", loud(40, 20), []int{20*s + s/5, 40 * s}},
		{"pause too early", loud(30, 5), []int{28*s*3/5 + s/10, 30 * s}},
		{"two cuts", loud(60, 25, 45), []int{25*s + s/10, 45*s + s/10, 60 * s}},
	}
	for _, tt := range tests {
		got := splitWindows(tt.pcm, 28*s)
		if len(got) != len(tt.want) {
			t.Errorf("%s: ends %v, want %v", tt.name, got, tt.want)
			continue
		}
		for i := range got {
			if d := got[i] - tt.want[i]; d < -s/5 || d > s/5 {
				t.Errorf("%s: ends %v, want about %v", tt.name, got, tt.want)
			}
		}
	}
}

func TestWindowFrames(t *testing.T) {
	m := &Model{shape: header{audioCtx: 1500}}
	for _, tt := range []struct{ samples, pad, want int }{
		{16000, 1000, 1100}, {16160, 1000, 1102}, {28 * 16000, 1000, 3000}, {0, 0, 2}, {1 << 30, 5, 3000},
	} {
		if got := m.windowFrames(tt.samples, tt.pad); got != tt.want {
			t.Errorf("windowFrames(%d, %d) = %d, want %d", tt.samples, tt.pad, got, tt.want)
		}
	}
}

func TestWords(t *testing.T) {
	token := func(s string, p float32) Token { return Token{Text: []byte(s), P: p} }
	ms := func(n ...int) (out []time.Duration) {
		for _, v := range n {
			out = append(out, time.Duration(v)*time.Millisecond)
		}
		return out
	}
	tokens := []Token{
		token(" T", .9), token("\xc3", .5), token("\xbc", .6), token("r", .9), token(" zu", .7), token(".", .8), token(" ", 1),
	}
	got := words(tokens, ms(100, 120, 140, 160, 300, 400, 500, 900), 2*time.Second)
	want := []Word{
		{Text: "Tür", Start: 2100 * time.Millisecond, End: 2300 * time.Millisecond, P: .5},
		{Text: "zu.", Start: 2300 * time.Millisecond, End: 2500 * time.Millisecond, P: .7},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if got := words(tokens[:1], nil, time.Second); len(got) != 1 || got[0].Start != 0 || got[0].End != 0 || got[0].P != .9 {
		t.Errorf("without times: %+v", got)
	}
	if got := words(nil, nil, 0); got != nil {
		t.Errorf("no tokens: %+v", got)
	}
}

func TestWarp(t *testing.T) {
	// Three rows, each cheap over its own stretch of frames.
	const rows, frames = 3, 12
	starts := []int{0, 4, 9}
	cost := make([]float32, rows*frames)
	for r := range rows {
		end := frames
		if r+1 < rows {
			end = starts[r+1]
		}
		for f := starts[r]; f < end; f++ {
			cost[r*frames+f] = -1
		}
	}
	var a aligner
	for range 2 { // the memory is used twice
		if d := cmp.Diff(starts, a.warp(cost, rows, frames)); d != "" {
			t.Error(d)
		}
	}
	if got := a.warp(make([]float32, 5), 5, 1); len(got) != 5 {
		t.Errorf("more rows than frames: %v", got)
	}
}

func TestMedian(t *testing.T) {
	var a aligner
	out := make([]float32, 9)
	a.addMedian(out, []float32{1, 1, 1, 1, 9, 1, 1, 1, 1}, -1)
	for i, v := range out {
		if v != -1 {
			t.Errorf("value %d = %g: one peak must not pass", i, v)
		}
	}
	one := make([]float32, 1)
	a.addMedian(one, []float32{3}, 1)
	if one[0] != 3 {
		t.Errorf("median of one value = %g", one[0])
	}
}

func TestStandardise(t *testing.T) {
	w := []float32{1, 5, 3, 5} // two tokens, two frames
	standardise(w, 2, 2)
	near(t, "standardise", w, []float32{-1, 0, 1, 0}, 1e-5)
}

func TestAlignmentHeads(t *testing.T) {
	if got := (header{width: 512, heads: 8, textLayers: 6}).alignmentHeads(); len(got) != 8 || got[0] != [2]int{3, 1} {
		t.Errorf("base: %v", got)
	}
	if got := (header{width: 1024, heads: 16, textLayers: 24}).alignmentHeads(); len(got) != 12*16 || got[0] != [2]int{12, 0} {
		t.Errorf("unknown model: %d heads from %v", len(got), got[0])
	}
}
