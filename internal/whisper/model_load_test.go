package whisper

import (
	"bytes"
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"feierabend"
)

func sortedNames(slots map[string]*slot) []string { return slices.Sorted(maps.Keys(slots)) }

func TestLoadTiny(t *testing.T) {
	for _, kind := range []tensorType{typeF32, typeF16, typeQ8} {
		file := newTiny(kind).file()
		m := mustLoad(t, file)
		want := Info{Name: "unknown", Vocab: 1908, Width: 64, Layers: 2, Bytes: int64(len(file))}
		if got := m.Info(); got != want {
			t.Errorf("type %d: Info() = %+v, want %+v", kind, got, want)
		}
		if m.ids.end != 300 || m.ids.german != 304 || m.ids.noTimestamps != 300+2+99+5 {
			t.Errorf("ids = %+v", m.ids)
		}
	}
}

func TestSpecialIDs(t *testing.T) { // speech.md §9.2: the published ids
	f := whisperFamily()
	got := newSpecial(f.textTokens, f.languages(51865))
	want := special{
		end: 50257, start: 50258, language: 50259, german: 50261, translate: 50358,
		transcribe: 50359, previous: 50361, noSpeech: 50362, noTimestamps: 50363,
	}
	if got != want {
		t.Errorf("ids = %+v, want %+v", got, want)
	}
	if v3 := newSpecial(f.textTokens, f.languages(51866)); v3.translate != 50359 || v3.german != 50261 {
		t.Errorf("large-v3: %+v", v3)
	}
	if f.languages(51864) != 0 {
		t.Error("the English-only vocabulary is taken for a multilingual one")
	}
}

func TestLoadRefuses(t *testing.T) {
	tests := []struct {
		name string
		edit func(*tinyModel)
		code string
	}{
		{"english only", func(m *tinyModel) { m.header[0] = 1907 }, codeUnsupported},
		{"negative vocabulary", func(m *tinyModel) { m.header[0] = -1 }, codeUnsupported},
		{"audio context", func(m *tinyModel) { m.header[1] = 1 << 30 }, codeUnsupported},
		{"width of gigabytes", func(m *tinyModel) { m.header[2] = 1 << 30 }, codeUnsupported},
		{"odd width", func(m *tinyModel) { m.header[2] = 65 }, codeUnsupported},
		{"head width", func(m *tinyModel) { m.header[3] = 2 }, codeUnsupported},
		{"no layers", func(m *tinyModel) { m.header[4] = 0 }, codeUnsupported},
		{"many layers", func(m *tinyModel) { m.header[8] = 1 << 20 }, codeUnsupported},
		{"text width", func(m *tinyModel) { m.header[6] = 128 }, codeUnsupported},
		{"mel bands", func(m *tinyModel) { m.header[9] = 1 << 20 }, codeUnsupported},
		{"header larger than file", func(m *tinyModel) { m.header[4] = maxLayers }, codeDamaged},
		{"other mel bands", func(m *tinyModel) { m.header[9] = 128 }, codeDamaged},
		{"vocabulary count", func(m *tinyModel) { m.vocabulary = m.vocabulary[1:] }, codeDamaged},
		{"long piece", func(m *tinyModel) { m.vocabulary[7] = string(make([]byte, maxPiece+1)) }, codeDamaged},
		{"missing tensor", func(m *tinyModel) { m.tensors = m.tensors[:len(m.tensors)-1] }, codeDamaged},
		{"tensor twice", func(m *tinyModel) { m.tensors = append(m.tensors, m.tensors[0]) }, codeDamaged},
		{"unknown tensor", func(m *tinyModel) { m.tensors[3].name = "other" }, codeDamaged},
		{"long name", func(m *tinyModel) { m.tensors[3].name = string(make([]byte, maxName+1)) }, codeDamaged},
		{"rank", func(m *tinyModel) { m.tensors[3].dims = []int{1, 1, 1, 1, 64} }, codeDamaged},
		{"sizes", func(m *tinyModel) { m.find("decoder.ln.bias").dims = []int{63} }, codeDamaged},
		{"turned sizes", func(m *tinyModel) { m.find("decoder.blocks.0.mlp.0.weight").dims = []int{256, 64} }, codeDamaged},
		{"q5 weights", func(m *tinyModel) { m.find("decoder.blocks.0.mlp.0.weight").kind = 6 }, codeUnsupported},
		{"half precision norm", func(m *tinyModel) { m.find("decoder.ln.bias").kind = typeF16 }, codeDamaged},
		{"quantised convolution", func(m *tinyModel) { m.find("encoder.conv1.weight").kind = typeQ8 }, codeDamaged},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := newTiny(typeF16)
			tt.edit(m)
			wantCode(t, m.file(), tt.code)
		})
	}
}

func wantCode(t *testing.T, file []byte, code string) {
	t.Helper()
	_, err := load(bytes.NewReader(file), int64(len(file)), tinyFamily())
	if got := feierabend.CodeOf(err); got != code || feierabend.KindOf(err) != feierabend.Invalid || feierabend.TextOf(err) == "" {
		t.Errorf("error %v, code %q, want %q with a text", err, got, code)
	}
}

func TestLoadCut(t *testing.T) {
	file := newTiny(typeQ8).file()
	for _, n := range []int{0, 3} {
		wantCode(t, file[:n], codeNotModel)
	}
	for n := 4; n < len(file); n += 1 + n/7 {
		wantCode(t, file[:n], codeDamaged)
	}
	wantCode(t, append(bytes.Clone(file), 0), codeDamaged)
	wantCode(t, append([]byte("PK\x03\x04"), file[4:]...), codeNotModel)
}

func TestLoadNotANumber(t *testing.T) {
	file := newTiny(typeF16).file()
	for _, back := range []int{8, 40_000} { // single precision at the end, a matrix further up
		f := bytes.Clone(file)
		copy(f[len(f)-back:], bytes.Repeat([]byte{0xff}, 8))
		wantCode(t, f, codeDamaged)
	}
}

func TestLoadFile(t *testing.T) {
	dir := t.TempDir()
	if _, err := Load(filepath.Join(dir, "none.bin"), LoadOptions{}); feierabend.CodeOf(err) != "model_missing" {
		t.Errorf("missing file: %v", err)
	}
	if _, err := Load(dir, LoadOptions{}); feierabend.CodeOf(err) != codeNotModel {
		t.Errorf("folder: %v", err)
	}
	path := filepath.Join(dir, "text.bin")
	if err := os.WriteFile(path, []byte("no model at all"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(path, LoadOptions{}); feierabend.CodeOf(err) != codeNotModel {
		t.Errorf("text file: %v", err)
	}
}

// FuzzLoad overwrites a part of a good file and cuts it: the loader answers with an
// error or a model that transcribes without a crash, whatever its weights.
func FuzzLoad(f *testing.F) {
	file := newTiny(typeQ8).file()
	f.Add(uint32(0), []byte{1, 2, 3}, uint32(0))
	f.Add(uint32(4), []byte{0xff, 0xff, 0xff, 0x7f}, uint32(0))
	f.Add(uint32(len(file)-2000), bytes.Repeat([]byte{0x7f, 0xff}, 40), uint32(0))
	f.Add(uint32(len(file)/2), []byte{0x7b}, uint32(7))
	f.Fuzz(func(t *testing.T, at uint32, patch []byte, cut uint32) {
		b := bytes.Clone(file)
		copy(b[int(at)%len(b):], patch)
		b = b[:len(b)-int(cut)%len(b)]
		m, err := load(bytes.NewReader(b), int64(len(b)), tinyFamily())
		if err != nil {
			if feierabend.KindOf(err) != feierabend.Invalid {
				t.Fatalf("kind of %v", err)
			}
			return
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		r, err := m.Transcribe(ctx, voice(0.2), Options{Beam: 1 + int(at%2), PadFrames: 10, Words: true})
		if err != nil {
			t.Fatalf("transcribe: %v", err)
		}
		checkWindow(t, r.Windows[0])
	})
}
