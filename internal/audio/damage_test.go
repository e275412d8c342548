package audio_test

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/audio"
)

// pages gives the offsets of the pages of an intact Ogg file, and its end.
func pages(b []byte) []int {
	var at []int
	for off := 0; off+27 <= len(b); {
		at = append(at, off)
		n := 27 + int(b[off+26])
		for _, v := range b[off+27 : off+n] {
			n += int(v)
		}
		off += n
	}
	return append(at, len(b))
}

// TestLostPage: a missing page becomes silence, and what follows keeps its time.
func TestLostPage(t *testing.T) {
	b := note(t, "003.ogg")
	want, err := audio.Decode(t.Context(), b, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	at := pages(b)
	mid := len(at) / 2
	lost := append(append([]byte(nil), b[:at[mid]]...), b[at[mid+1]:]...)
	flipped := append([]byte(nil), b...)
	flipped[at[mid]+60] ^= 0x10
	garbage := append(append(append([]byte(nil), b[:at[mid]]...), make([]byte, 5000)...), b[at[mid]:]...)
	for name, tc := range map[string]struct {
		b    []byte
		same bool
	}{"cut out": {lost, false}, "wrong checksum": {flipped, false}, "garbage between": {garbage, true}} {
		got, err := audio.Decode(t.Context(), tc.b, time.Minute)
		if err != nil || len(got) != len(want) {
			t.Errorf("%s: %d samples, want %d, %v", name, len(got), len(want), err)
			continue
		}
		tail := len(want) * 4 / 5
		if r := ratio(want[tail:], got[tail:]); r < 15 {
			t.Errorf("%s: the end differs: %.1f dB", name, r)
		}
		if (ratio(want, got) > 100) != tc.same {
			t.Errorf("%s: %.1f dB over all", name, ratio(want, got))
		}
	}
}

// TestHalfUpload: a cut note keeps its readable part.
func TestHalfUpload(t *testing.T) {
	b := note(t, "009.ogg")
	for _, part := range []int{10, 30, 50, 90, 99} {
		cut := b[:len(b)*part/100]
		pcm, err := audio.Decode(t.Context(), cut, time.Minute)
		if err != nil {
			t.Fatalf("%d %%: %v", part, err)
		}
		got := float64(len(pcm)) / audio.Rate
		if want := 43.14 * float64(part) / 100; math.Abs(got-want) > 4 {
			t.Errorf("%d %%: %.1f s, want about %.1f", part, got, want)
		}
		info, err := audio.Probe(cut)
		if err != nil || math.Abs(info.Duration.Seconds()-got) > 0.01 {
			t.Errorf("%d %%: probed %v (%v), decoded %.2f s", part, info.Duration, err, got)
		}
	}
}

// TestDamagedHead: a voice note with a flipped bit in its head is still a voice note.
func TestDamagedHead(t *testing.T) {
	b := append([]byte(nil), note(t, "001.ogg")...)
	b[30] ^= 1
	pcm, err := audio.Decode(t.Context(), b, time.Minute)
	if err != nil || len(pcm) < 5*audio.Rate {
		t.Errorf("%d samples, %v", len(pcm), err)
	}
}

// TestForgedTimes: positions that claim hours cost neither memory nor time.
func TestForgedTimes(t *testing.T) {
	b := append([]byte(nil), note(t, "001.ogg")...)
	at := pages(b)
	last := at[len(at)-2]
	binary.LittleEndian.PutUint64(b[last+6:], 48000*3600*5)
	fix(b[last:])
	info, err := audio.Probe(b)
	if err != nil || info.Duration < 4*time.Hour {
		t.Errorf("probed %v, %v", info.Duration, err)
	}
	_, err = audio.Decode(t.Context(), b, 10*time.Minute)
	if feierabend.CodeOf(err) != audio.CodeTooLong {
		t.Errorf("got %v, want too_long", err)
	}
}

// TestMutations damages two notes, a WAV and a WebM in 400 ways each: no panic,
// no NaN, nothing longer than the limit.
func TestMutations(t *testing.T) {
	const limit = 20 * time.Second
	rng := rand.New(rand.NewPCG(3, 1))
	// About three seconds of each: damage does not need more.
	seeds := [][]byte{note(t, "004.ogg")[:9000], note(t, "dictation/reinigung-05.ogg")[:8000], note(t, "bad/recorder.webm")[:9000], wav(1, 2, 44100, 16, make([]byte, 1<<16))}
	for n, seed := range seeds {
		for range 100 {
			b := mutate(rng, seed)
			pcm, err := audio.Decode(t.Context(), b, limit)
			if err != nil && feierabend.CodeOf(err) == "" {
				t.Fatalf("seed %d: error without a code: %v", n, err)
			}
			if len(pcm) > int(limit.Seconds()+0.1)*audio.Rate {
				t.Fatalf("seed %d: %d samples are over the limit", n, len(pcm))
			}
			for i, v := range pcm {
				if v != v || v < -1 || v > 1 {
					t.Fatalf("seed %d: sample %d is %v", n, i, v)
				}
			}
		}
	}
}

// mutate flips, cuts, doubles or truncates, and mends the checksums half of the time
// so that damage reaches the decoder.
func mutate(rng *rand.Rand, seed []byte) []byte {
	b := append([]byte(nil), seed...)
	for range 1 + rng.IntN(8) {
		i := rng.IntN(len(b))
		switch rng.IntN(5) {
		case 0:
			b = b[:max(1, i)]
		case 1:
			n := min(len(b)-i, 1+rng.IntN(3000))
			b = append(b[:i:i], b[i+n:]...)
		case 2:
			b = append(b[:i:i], append(append([]byte(nil), b[i:min(len(b), i+200)]...), b[i:]...)...)
		default:
			for range 1 + rng.IntN(20) {
				b[rng.IntN(len(b))] ^= byte(1 << rng.IntN(8))
			}
		}
		if len(b) == 0 {
			return b
		}
	}
	if rng.IntN(2) == 0 {
		for off := 0; off+27 <= len(b); off++ {
			if string(b[off:off+4]) == "OggS" {
				fix(b[off:])
			}
		}
	}
	return b
}

// fix writes the right checksum into the page at the start of b.
func fix(b []byte) {
	n := 27 + int(b[26])
	if n > len(b) {
		return
	}
	for _, v := range b[27:n] {
		n += int(v)
	}
	if n > len(b) {
		return
	}
	copy(b[22:26], []byte{0, 0, 0, 0})
	var crc uint32
	for _, v := range b[:n] {
		crc ^= uint32(v) << 24
		for range 8 {
			if crc&0x80000000 != 0 {
				crc = crc<<1 ^ 0x04c11db7
			} else {
				crc <<= 1
			}
		}
	}
	binary.LittleEndian.PutUint32(b[22:], crc)
}

func FuzzDecode(f *testing.F) {
	for _, n := range []string{"bad/silence.ogg", "bad/noise.ogg", "bad/recorder.webm"} {
		b := note(f, n)
		f.Add(b[:min(len(b), 1000)])
	}
	f.Add(wav(1, 1, 8000, 16, make([]byte, 1600)))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, _ = audio.Probe(b)
		pcm, err := audio.Decode(t.Context(), b, 3*time.Second)
		if err == nil && len(pcm) > 4*audio.Rate {
			t.Errorf("%d samples", len(pcm))
		}
		if ogg, err := audio.RemuxWebMToOgg(b); err == nil {
			if _, err := audio.Probe(ogg); err != nil {
				t.Errorf("remuxed to something unreadable: %v", err)
			}
		}
	})
}
