package simulator_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"feierabend"
	"feierabend/internal/simulator"
)

// TestAPI drives the simulator as a shell script would.
func TestAPI(t *testing.T) {
	b := newBench(t, func(o *simulator.Options) { o.Notes = notes(t); o.SMTPAddr = "127.0.0.1:2525" })
	id := func(status int, _ http.Header, body string) string {
		t.Helper()
		var v struct{ ID string }
		if err := json.Unmarshal([]byte(body), &v); err != nil || status != 200 || !strings.HasPrefix(v.ID, "wamid.") {
			t.Fatalf("%d %s", status, body)
		}
		return v.ID
	}
	id(b.post("/sim/v1/voice?phone=%2B4917139200155&note=a.ogg", nil))
	id(b.fetch(must(http.NewRequest(http.MethodPost, b.srv.URL+"/sim/v1/voice?phone=2&title=eigene", bytes.NewReader(note(t))))))
	id(b.post("/sim/v1/text", url.Values{"phone": {"1"}, "text": {"189 Euro"}}))
	b.inbound(3)
	if _, err := b.client.Send(t.Context(), b.tenant, feierabend.ChatMessage{To: hauke, Text: "Ausstellen?", Buttons: []feierabend.ChatButton{{ID: "issue:x:1", Title: "Ausstellen"}}}); err != nil {
		t.Fatal(err)
	}
	id(b.post("/sim/v1/press", url.Values{"phone": {"1"}, "button": {"Ausstellen"}}))
	if in := b.inbound(4)[3]; in.Button != "issue:x:1" {
		t.Errorf("press %+v", in)
	}
	var chat struct {
		Version int
		Typing  bool
		Bubbles []simulator.Bubble
	}
	_, _, body := b.get("/sim/v1/chat?phone=%2B4917139200155&wait=10s&since=0")
	if err := json.Unmarshal([]byte(body), &chat); err != nil || len(chat.Bubbles) != 4 || chat.Version == 0 {
		t.Fatalf("chat %s, %v", body, err)
	}
	if chat.Bubbles[2].From != "bot" || chat.Bubbles[2].Buttons[0].Title != "Ausstellen" || chat.Bubbles[3].Pressed != "issue:x:1" {
		t.Errorf("bubbles %+v", chat.Bubbles)
	}
	var settings simulator.Settings
	_, _, body = b.get("/sim/v1/settings")
	if json.Unmarshal([]byte(body), &settings); settings.AppSecret != "app-secret" || settings.SMTP != "127.0.0.1:2525" {
		t.Errorf("settings %s", body)
	}
	for path, form := range map[string]url.Values{
		"/sim/v1/voice?phone=1&note=x.ogg": nil,
		"/sim/v1/voice?phone=%2B491&note=": nil,
		"/sim/v1/text":                     {"phone": {"+49999"}, "text": {"x"}},
		"/sim/v1/press":                    {"phone": {"1"}, "button": {"x"}},
		"/sim/v1/clock":                    {"skip": {"bald"}},
	} {
		if status, _, body := b.post(path, form); status != http.StatusBadRequest || !strings.Contains(body, "error") {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	_, _, body = b.post("/sim/v1/faults", url.Values{"duplicate": {"on"}, "media_busy": {"3"}, "lost_answer": {"on"}})
	if f := b.sim.Faults(); !f.Duplicate || f.MediaBusy != 3 || f.LostAnswer != 1 || f.Reorder {
		t.Errorf("faults %+v, %s", f, body)
	}
	before := b.sim.Now()
	b.post("/sim/v1/clock", url.Values{"skip": {"24h"}})
	if d := b.sim.Now().Sub(before); d.Hours() < 24 {
		t.Errorf("clock moved by %s", d)
	}
}
