package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"time"
)

// fault is a bad message and the outcomes that are right for it.
type fault struct {
	name  string
	voice func() ([]byte, error) // a voice note with these bytes …
	text  string                 // … or a typed text
	raw   map[string]any         // … or a message as Meta would deliver it
	want  []string               // reason codes of the message
}

func file(path string) func() ([]byte, error) {
	return func() ([]byte, error) { return os.ReadFile(path) }
}

func given(b []byte) func() ([]byte, error) {
	return func() ([]byte, error) { return b, nil }
}

func faults() []fault {
	half := func() ([]byte, error) {
		b, err := os.ReadFile("test/speech/dictation/shk-05.ogg")
		return b[:len(b)*6/10], err
	}
	return []fault{
		{name: "empty file", voice: given([]byte{}), want: []string{"empty"}},
		{name: "one byte", voice: given([]byte{'O'}), want: []string{"empty", "not_audio"}},
		{name: "text named as a voice note", voice: given([]byte("Rechnung für Frau Petersen, das ist kein Ton")), want: []string{"not_audio"}},
		{name: "PDF with an audio type", voice: given([]byte("%PDF-1.7\n%âãÏÓ\n1 0 obj\n<<>>\nendobj\n")), want: []string{"not_audio"}},
		{name: "Ogg with nothing in it", voice: given(append([]byte("OggS"), make([]byte, 200)...)), want: []string{"damaged", "not_audio"}},
		{name: "half an upload", voice: half, want: []string{"drafted", "nothing"}},
		{name: "over 16 MB", voice: given(bytes.Repeat([]byte("OggS zu viel "), 17<<20/13+1)), want: []string{"too_large"}},
		{name: "over 10 minutes", voice: given(silentWAV(11 * time.Minute)), want: []string{"too_long"}},
		{name: "silence", voice: file("test/speech/bad/silence.ogg"), want: []string{"no_speech"}},
		{name: "noise", voice: file("test/speech/bad/noise.ogg"), want: []string{"no_speech"}},
		{name: "English speech", voice: file("test/speech/bad/english.ogg"), want: []string{"not_german"}},
		{name: "nothing to bill", voice: file("test/speech/003.ogg"), want: []string{"nothing"}},
		{name: "a greeting", text: "Guten Morgen zusammen", want: []string{"nothing"}},
		{name: "expired media id", raw: map[string]any{"id": "wamid.EXPIRED", "type": "audio", "audio": map[string]any{"id": "1111111111", "mime_type": "audio/ogg; codecs=opus", "voice": true}}, want: []string{"media_expired"}},
		{name: "a picture", raw: map[string]any{"id": "wamid.PICTURE", "type": "image", "image": map[string]any{"id": "2222222222", "mime_type": "image/jpeg"}}, want: []string{"unsupported"}},
		{name: "forwarded note", raw: map[string]any{"id": "wamid.FORWARDED", "type": "audio", "context": map[string]any{"forwarded": true}, "audio": map[string]any{"id": "3333333333", "mime_type": "audio/ogg; codecs=opus", "voice": true}}, want: []string{"forwarded"}},
		{name: "a type from the future", raw: map[string]any{"id": "wamid.FUTURE", "type": "hologram", "hologram": map[string]any{"x": 1}}, want: []string{"unsupported"}},
	}
}

// silentWAV is a WAV of 8 kHz, 8 bit, as long as asked.
func silentWAV(d time.Duration) []byte {
	n := int(d.Seconds()) * 8000
	var b bytes.Buffer
	b.WriteString("RIFF")
	binary.Write(&b, binary.LittleEndian, uint32(36+n))
	b.WriteString("WAVEfmt ")
	for _, v := range []any{uint32(16), uint16(1), uint16(1), uint32(8000), uint32(8000), uint16(1), uint16(8)} {
		binary.Write(&b, binary.LittleEndian, v)
	}
	b.WriteString("data")
	binary.Write(&b, binary.LittleEndian, uint32(n))
	b.Write(bytes.Repeat([]byte{128}, n))
	return b.Bytes()
}

// badInput sends each fault and checks its outcome, its reply and that the service lives.
func badInput(bin string) error {
	w, err := newWorld(bin)
	if err != nil {
		return err
	}
	defer w.close()
	var s settings
	if err := w.get("/sim/v1/settings", &s); err != nil {
		return err
	}
	for i, f := range faults() {
		if err := w.fault(s, f, i); err != nil {
			return fmt.Errorf("%s: %w\nservice said: %s", f.name, err, w.service.said())
		}
	}
	if err := w.refusals(s); err != nil {
		return err
	}
	return w.withoutModel()
}

func (w *world) fault(s settings, f fault, i int) error {
	before, err := w.chat(inken)
	if err != nil {
		return err
	}
	if err := w.sendFault(s, f); err != nil {
		return err
	}
	if err := until("outcome", 2*time.Minute, func() (bool, error) {
		n, err := w.count("SELECT count(*) FROM message WHERE state IN ('done', 'failed')")
		return n == i+1, err
	}); err != nil {
		return err
	}
	reason, err := w.query("SELECT reason FROM message ORDER BY received_at DESC LIMIT 1")
	if err != nil {
		return err
	}
	if len(reason) != 1 || !slices.Contains(f.want, reason[0]) {
		return fmt.Errorf("outcome %q, want one of %q", reason, f.want)
	}
	if err := until("reply", 20*time.Second, func() (bool, error) {
		now, err := w.chat(inken)
		return len(replies(now)) == len(replies(before))+1, err
	}); err != nil {
		return err
	}
	now, err := w.chat(inken)
	if err != nil {
		return err
	}
	fmt.Printf("faults: %-28s %-14s „%.70s“\n", f.name, reason, oneLine(replies(now)[len(replies(now))-1].Text))
	return w.alive()
}

func (w *world) sendFault(s settings, f fault) error {
	switch {
	case f.voice != nil:
		b, err := f.voice()
		if err != nil {
			return err
		}
		res, err := http.Post(w.simURL+"/sim/v1/voice?"+url.Values{"phone": {inken}, "title": {f.name}}.Encode(), "audio/ogg", bytes.NewReader(b))
		if err != nil {
			return err
		}
		return decode(res, nil)
	case f.text != "":
		return w.post("/sim/v1/text", url.Values{"phone": {inken}, "text": {f.text}}, nil)
	}
	body := messageWebhook(s, inken, f.raw)
	code, err := w.deliver(body, sign(s.AppSecret, body))
	if err == nil && code != http.StatusOK {
		err = fmt.Errorf("webhook answered %d", code)
	}
	return err
}

// refusals are deliveries that must store nothing and never end in a 5xx.
func (w *world) refusals(s settings) error {
	rows, err := w.count("SELECT count(*) FROM message")
	if err != nil {
		return err
	}
	good := textWebhook(s, inken, "wamid.X1", "Rechnung")
	stranger := textWebhook(s, "+4915112345678", "wamid.X2", "Rechnung für Frau Petersen")
	for _, c := range []struct {
		name, signature string
		body            []byte
		want            []int
	}{
		{"wrong signature", sign("falsch", good), good, []int{401}},
		{"no signature", "", good, []int{401}},
		{"changed after signing", sign(s.AppSecret, good), append(slices.Clone(good), ' '), []int{401}},
		{"broken JSON", sign(s.AppSecret, []byte(`{"entry":[{`)), []byte(`{"entry":[{`), []int{400}},
		{"empty JSON", sign(s.AppSecret, []byte(`{}`)), []byte(`{}`), []int{200}},
		{"unknown sender", sign(s.AppSecret, stranger), stranger, []int{200}},
	} {
		code, err := w.deliver(c.body, c.signature)
		if err != nil {
			return err
		}
		if !slices.Contains(c.want, code) {
			return fmt.Errorf("%s: answered %d, want %v", c.name, code, c.want)
		}
		fmt.Printf("faults: %-28s %d\n", c.name, code)
	}
	after, err := w.count("SELECT count(*) FROM message")
	if err != nil {
		return err
	}
	if after != rows {
		return fmt.Errorf("refused deliveries left %d messages", after-rows)
	}
	return w.alive()
}

// withoutModel restarts without a speech model: the note waits, is told so once,
// and becomes a draft when the model is there.
func (w *world) withoutModel() error {
	w.service.kill()
	os.Setenv("FEIERABEND_MODELS", w.dir+"/no-models")
	err := w.start()
	os.Unsetenv("FEIERABEND_MODELS")
	if err != nil {
		return err
	}
	if err := w.post("/sim/v1/voice?"+url.Values{"phone": {hauke}, "note": {"shk-05.ogg"}}.Encode(), nil, nil); err != nil {
		return err
	}
	if err := until("note waits for the model", 30*time.Second, func() (bool, error) {
		n, err := w.count("SELECT count(*) FROM message WHERE reason = 'waits_model' AND state = 'fetched'")
		return n == 1, err
	}); err != nil {
		return fmt.Errorf("%w\nservice said: %s", err, w.service.said())
	}
	w.service.kill()
	if err := w.start(); err != nil {
		return err
	}
	if err := until("draft once the model is there", 2*time.Minute, func() (bool, error) {
		n, err := w.count("SELECT count(*) FROM draft d JOIN message m ON m.case_id = d.case_id WHERE m.reason = 'drafted' AND m.sender_id IN (SELECT sender_id FROM message ORDER BY received_at DESC LIMIT 1)")
		return n >= 1, err
	}); err != nil {
		return fmt.Errorf("%w\nservice said: %s", err, w.service.said())
	}
	fmt.Printf("faults: %-28s waits, then drafted\n", "no model yet")
	return nil
}

func (w *world) alive() error {
	res, err := http.Get(w.pages + "/healthz")
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("healthz answered %d", res.StatusCode)
	}
	return nil
}

func replies(bs []bubble) (out []bubble) {
	for _, b := range bs {
		if b.From == "bot" {
			out = append(out, b)
		}
	}
	return out
}

func oneLine(s string) string { return string(bytes.ReplaceAll([]byte(s), []byte("\n"), []byte(" "))) }
