package audio_test

import (
	"bytes"
	"context"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/audio"
)

const speech = "../../test/speech/"

func note(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(speech, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestNotes decodes the shipped voice notes: length as probed, loudness of speech.
func TestNotes(t *testing.T) {
	for _, tc := range []struct {
		file string
		want time.Duration
		mime string
	}{
		{"000.ogg", 17940 * time.Millisecond, audio.TypeOgg},
		{"009.ogg", 43380 * time.Millisecond, audio.TypeOgg},
		{"dictation/shk-05.ogg", 0, audio.TypeOgg},
		{"bad/recorder.webm", 0, audio.TypeWebM},
	} {
		b := note(t, tc.file)
		info, err := audio.Probe(b)
		if err != nil || info.Type != tc.mime || info.Bytes != int64(len(b)) {
			t.Fatalf("%s: probe %+v, %v", tc.file, info, err)
		}
		pcm, err := audio.Decode(t.Context(), b, 10*time.Minute)
		if err != nil {
			t.Fatalf("%s: %v", tc.file, err)
		}
		got := time.Duration(len(pcm)) * time.Second / audio.Rate
		if (got - info.Duration).Abs() > time.Millisecond {
			t.Errorf("%s: decoded %v, probed %v", tc.file, got, info.Duration)
		}
		if tc.want != 0 && (got-tc.want).Abs() > 20*time.Millisecond {
			t.Errorf("%s: %v, want about %v", tc.file, got, tc.want)
		}
		if l := rms(pcm); l < 0.005 || l > 0.5 {
			t.Errorf("%s: level %v is not speech", tc.file, l)
		}
	}
}

// TestRefused tells hostile and wrong files apart; none of them is a crash.
func TestRefused(t *testing.T) {
	ogg := note(t, "000.ogg")
	for _, tc := range []struct {
		name string
		b    []byte
		code string
	}{
		{"no byte", nil, audio.CodeEmpty},
		{"one byte", []byte{0}, audio.CodeNotAudio},
		{"text named .ogg", []byte("Rechnung für niemanden, anderthalb Stunden"), audio.CodeNotAudio},
		{"png", []byte("\x89PNG\r\n\x1a\n0000000000000000"), audio.CodeNotAudio},
		{"mp3", []byte("ID3\x04\x00\x00\x00\x00\x00\x00"), audio.CodeUnsupported},
		{"m4a", []byte("\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00"), audio.CodeUnsupported},
		{"amr", []byte("#!AMR\n<\x91\x17"), audio.CodeUnsupported},
		{"only the magic", []byte("OggS"), audio.CodeDamaged},
		{"heads only", ogg[:120], audio.CodeDamaged},
		{"wav without data", []byte("RIFF\x00\x00\x00\x00WAVE"), audio.CodeDamaged},
		{"wav of no samples", wav(1, 1, 16000, 16, nil), audio.CodeEmpty},
		{"wav adpcm", wav(2, 1, 16000, 4, make([]byte, 64)), audio.CodeUnsupported},
		{"wav of no channels", wav(1, 0, 16000, 16, make([]byte, 64)), audio.CodeDamaged},
		{"webm head only", []byte("\x1aE\xdf\xa3\x80"), audio.CodeDamaged},
	} {
		_, err := audio.Decode(t.Context(), tc.b, time.Minute)
		if got := feierabend.CodeOf(err); got != tc.code {
			t.Errorf("%s: decode gives %v, want %s", tc.name, err, tc.code)
		}
		if err != nil && feierabend.TextOf(err) == "" {
			t.Errorf("%s: no sentence for people", tc.name)
		}
		if _, err := audio.Probe(tc.b); feierabend.CodeOf(err) != tc.code {
			t.Errorf("%s: probe gives %v, want %s", tc.name, err, tc.code)
		}
	}
}

func TestTooLong(t *testing.T) {
	for _, b := range [][]byte{note(t, "000.ogg"), note(t, "bad/recorder.webm"), wav(1, 1, 8000, 8, make([]byte, 8000*11))} {
		_, err := audio.Decode(t.Context(), b, 5*time.Second)
		if feierabend.CodeOf(err) != audio.CodeTooLong {
			t.Errorf("got %v, want too_long", err)
		}
	}
}

func TestCancelled(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	for _, b := range [][]byte{note(t, "009.ogg"), wav(1, 1, 44100, 16, make([]byte, 88200))} {
		if _, err := audio.Decode(ctx, b, time.Minute); err == nil {
			t.Error("decoded under a cancelled context")
		}
	}
}

func TestClip(t *testing.T) {
	b := note(t, "000.ogg")
	whole, err := audio.Decode(t.Context(), b, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	clip, err := audio.Clip(b, 5*time.Second, 7*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	got, err := audio.Decode(t.Context(), clip, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2*audio.Rate {
		t.Fatalf("clip of %d samples, want 2 s", len(got))
	}
	if snr := ratio(whole[5*audio.Rate:7*audio.Rate], got); snr < 25 {
		t.Errorf("the clip differs from the note: %.1f dB", snr)
	}
	if long, err := audio.Clip(b, 0, time.Hour); err != nil || len(long) > 44+2*audio.Rate*15 {
		t.Errorf("a clip is at most 15 s: %d bytes, %v", len(long), err)
	}
	for _, r := range [][2]time.Duration{{time.Hour, 2 * time.Hour}, {5, 5}, {9, 3}} {
		if _, err := audio.Clip(b, r[0], r[1]); feierabend.CodeOf(err) != audio.CodeClipRange {
			t.Errorf("clip %v: %v, want clip_range", r, err)
		}
	}
}

func TestWaveform(t *testing.T) {
	pcm := make([]float32, 1000)
	for i := 500; i < 1000; i++ {
		pcm[i] = 0.5
	}
	w := audio.Waveform(pcm, 4)
	if !bytes.Equal(w, []byte{0, 0, 100, 100}) {
		t.Errorf("waveform %v", w)
	}
	if len(audio.Waveform(nil, 64)) != 64 || audio.Waveform(pcm, 0) != nil {
		t.Error("bars of nothing")
	}
}

func TestRemux(t *testing.T) {
	b := note(t, "bad/recorder.webm")
	ogg, err := audio.RemuxWebMToOgg(b)
	if err != nil {
		t.Fatal(err)
	}
	want, err := audio.Decode(t.Context(), b, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	got, err := audio.Decode(t.Context(), ogg, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) || ratio(want, got) < 100 {
		t.Errorf("remuxed %d samples, want %d, %.0f dB", len(got), len(want), ratio(want, got))
	}
	if _, err := audio.RemuxWebMToOgg(note(t, "000.ogg")); err == nil {
		t.Error("remuxed an Ogg file")
	}
	if _, err := audio.RemuxWebMToOgg(nil); feierabend.CodeOf(err) != audio.CodeEmpty {
		t.Errorf("remux of nothing: %v", err)
	}
	// A recorder without cues, cut anywhere, keeps what came before.
	part, err := audio.Decode(t.Context(), b[:len(b)/2], time.Minute)
	if err != nil || len(part) < len(want)/3 {
		t.Errorf("half a recording: %d of %d samples, %v", len(part), len(want), err)
	}
}

func rms(pcm []float32) float64 {
	var s float64
	for _, v := range pcm {
		s += float64(v) * float64(v)
	}
	return math.Sqrt(s / float64(max(1, len(pcm))))
}

// ratio is the signal-to-difference ratio in dB.
func ratio(want, got []float32) float64 {
	var s, d float64
	for i := range want {
		s += float64(want[i]) * float64(want[i])
		d += float64(want[i]-got[i]) * float64(want[i]-got[i])
	}
	return 10 * math.Log10(s/(d+1e-20))
}
