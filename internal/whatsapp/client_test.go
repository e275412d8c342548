package whatsapp_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feierabend"
	"feierabend/internal/secret"
	"feierabend/internal/whatsapp"
)

// direct does what the guarded client does, without the guard.
type direct struct{}

func (direct) Do(ctx context.Context, _ feierabend.TenantID, _ feierabend.ProviderID, req *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(req.Clone(ctx))
	if err != nil {
		return nil, &feierabend.Error{Kind: feierabend.Unavailable, Code: "outbound_unreachable", Err: err}
	}
	return resp, nil
}

var tenant feierabend.TenantID

func graph(t *testing.T, h http.HandlerFunc) *whatsapp.Client {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return whatsapp.New(whatsapp.Options{Do: direct{}, Base: srv.URL, PhoneNumberID: "115577990033441", Token: secret.New("token"), Timeout: 5 * time.Second})
}

func TestSendBodies(t *testing.T) {
	buttons := []feierabend.ChatButton{{ID: "issue:x:1", Title: "Ausstellen"}, {ID: "change:x:1", Title: "Ändern"}}
	for name, tc := range map[string]struct {
		m    feierabend.ChatMessage
		want string
	}{
		"text": {
			feierabend.ChatMessage{To: "+491713920012", Text: "Müller", ReplyTo: "wamid.0", Callback: "o:t:1"},
			`{"messaging_product":"whatsapp","recipient_type":"individual","to":"+491713920012","type":"text","context":{"message_id":"wamid.0"},"biz_opaque_callback_data":"o:t:1","text":{"preview_url":false,"body":"Müller"}}`,
		},
		"bsuid": {
			feierabend.ChatMessage{ToBSUID: "DE.1", Text: "x"},
			`{"messaging_product":"whatsapp","recipient_type":"individual","recipient":"DE.1","type":"text","text":{"preview_url":false,"body":"x"}}`,
		},
		"number wins": {
			feierabend.ChatMessage{To: "+491713920012", ToBSUID: "DE.1", Text: "x"},
			`{"messaging_product":"whatsapp","recipient_type":"individual","to":"+491713920012","type":"text","text":{"preview_url":false,"body":"x"}}`,
		},
		"buttons": {
			feierabend.ChatMessage{To: "+491713920012", Text: "Ausstellen?", Buttons: buttons},
			`{"messaging_product":"whatsapp","recipient_type":"individual","to":"+491713920012","type":"interactive","interactive":{"type":"button","body":{"text":"Ausstellen?"},"action":{"buttons":[{"type":"reply","reply":{"id":"issue:x:1","title":"Ausstellen"}},{"type":"reply","reply":{"id":"change:x:1","title":"Ändern"}}]}}}`,
		},
		"request for the number": { // whatsapp.md §4
			feierabend.ChatMessage{ToBSUID: "DE.1", Text: "Bitte teilen Sie Ihre Nummer", AskContact: true},
			`{"messaging_product":"whatsapp","recipient_type":"individual","recipient":"DE.1","type":"interactive","interactive":{"type":"request_contact_info","body":{"text":"Bitte teilen Sie Ihre Nummer"},"action":{"name":"request_contact_info"}}}`,
		},
		"document": {
			feierabend.ChatMessage{To: "+491713920012", Text: "Bitte speichern.", DocumentMedia: "77", DocumentName: "RE-1.pdf"},
			`{"messaging_product":"whatsapp","recipient_type":"individual","to":"+491713920012","type":"document","document":{"id":"77","filename":"RE-1.pdf","caption":"Bitte speichern."}}`,
		},
		"document with buttons": {
			feierabend.ChatMessage{To: "+491713920012", Text: "Bitte speichern.", DocumentMedia: "77", DocumentName: "RE-1.pdf", Buttons: buttons[:1]},
			`{"messaging_product":"whatsapp","recipient_type":"individual","to":"+491713920012","type":"interactive","interactive":{"type":"button","header":{"type":"document","document":{"id":"77","filename":"RE-1.pdf"}},"body":{"text":"Bitte speichern."},"action":{"buttons":[{"type":"reply","reply":{"id":"issue:x:1","title":"Ausstellen"}}]}}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got string
			c := graph(t, func(w http.ResponseWriter, r *http.Request) {
				b, _ := io.ReadAll(r.Body)
				got = string(b)
				if r.URL.Path != "/v25.0/115577990033441/messages" || r.Header.Get("Authorization") != "Bearer token" {
					t.Errorf("path %s, authorization %q", r.URL.Path, r.Header.Get("Authorization"))
				}
				io.WriteString(w, `{"messages":[{"id":"wamid.9"}]}`)
			})
			id, err := c.Send(t.Context(), tenant, tc.m)
			if err != nil || id != "wamid.9" {
				t.Fatalf("Send = %q, %v", id, err)
			}
			var a, b any
			json.Unmarshal([]byte(got), &a)
			json.Unmarshal([]byte(tc.want), &b)
			if d := cmp.Diff(b, a); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestErrorCodes: the code decides, never HTTP status or words.
func TestErrorCodes(t *testing.T) {
	type hint struct{ Retry, Lost, Window, Park, Media bool }
	for _, tc := range []struct {
		status int
		body   string
		code   int
		hint   hint
	}{
		{401, errBody(190), 190, hint{Park: true}},
		{401, errBody(0), 0, hint{Park: true}},
		{403, errBody(200), 200, hint{Park: true}},
		{403, errBody(299), 299, hint{Park: true}},
		{400, errBody(131042), 131042, hint{Park: true}},
		{403, errBody(368), 368, hint{Park: true}},
		{429, errBody(131056), 131056, hint{Retry: true}},
		{400, errBody(131056), 131056, hint{Retry: true}},
		{400, errBody(130429), 130429, hint{Retry: true}},
		{400, errBody(80007), 80007, hint{Retry: true}},
		{500, errBody(131000), 131000, hint{Retry: true}},
		{503, errBody(2), 2, hint{Retry: true}},
		{500, errBody(131057), 131057, hint{Retry: true}},
		{400, errBody(131047), 131047, hint{Window: true}},
		{400, errBody(131026), 131026, hint{}},
		{400, errBody(100), 100, hint{}},
		{400, errBody(131030), 131030, hint{}},
		{400, errBody(131053), 131053, hint{Media: true}},
		{400, `{"error":{"code":100,"error_subcode":33}}`, 100, hint{Media: true}},
		{400, `{"error":{"code":"131056","error_data":"plain"}}`, 131056, hint{Retry: true}},
		{502, `<html>bad gateway</html>`, 0, hint{Retry: true}},
		{429, ``, 0, hint{Retry: true}},
		{404, `<html>`, 0, hint{Retry: true}},
		{418, `{"error":"teapot"}`, 0, hint{}},
	} {
		t.Run(fmt.Sprint(tc.status, tc.code), func(t *testing.T) {
			c := graph(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(tc.status)
				io.WriteString(w, tc.body)
			})
			_, err := c.Send(t.Context(), tenant, feierabend.ChatMessage{To: "+491713920012", Text: "geheim"})
			var ce *feierabend.ChatError
			if !errors.As(err, &ce) {
				t.Fatalf("error %v", err)
			}
			got := hint{ce.Retry, ce.Lost, ce.Window, ce.Park, ce.Media}
			if ce.Code != tc.code || got != tc.hint {
				t.Errorf("code %d %+v, want %d %+v", ce.Code, got, tc.code, tc.hint)
			}
			if ce.Retry && ce.After <= 0 {
				t.Error("retry without a pause")
			}
			if feierabend.TextOf(err) == "" || strings.Contains(err.Error(), "geheim") || strings.Contains(err.Error(), "49171") {
				t.Errorf("text %q, error %v", feierabend.TextOf(err), err)
			}
		})
	}
}

func errBody(code int) string {
	return fmt.Sprintf(`{"error":{"message":"(#%d) words with 491713920012","type":"OAuthException","code":%d,"fbtrace_id":"AzDemo"}}`, code, code)
}

func TestRetryAfter(t *testing.T) {
	c := graph(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "120")
		w.WriteHeader(429)
		io.WriteString(w, errBody(130429))
	})
	var ce *feierabend.ChatError
	if err := c.Read(t.Context(), tenant, "wamid.1", true); !errors.As(err, &ce) || ce.After != 2*time.Minute {
		t.Errorf("error %v", err)
	}
}

// TestLostAnswer: only a message whose bytes left us may have been accepted.
func TestLostAnswer(t *testing.T) {
	hang := func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}
	c := graph(t, hang)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	var ce *feierabend.ChatError
	if _, err := c.Send(ctx, tenant, feierabend.ChatMessage{To: "+491713920012", Text: "x"}); !errors.As(err, &ce) || !ce.Lost || !ce.Retry {
		t.Errorf("timed out send: %v", err)
	}
	ctx2, cancel2 := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel2()
	if err := c.Read(ctx2, tenant, "wamid.1", false); !errors.As(err, &ce) || ce.Lost {
		t.Errorf("timed out read receipt: %v", err)
	}
	gone := whatsapp.New(whatsapp.Options{Do: direct{}, Base: "http://127.0.0.1:1", PhoneNumberID: "1", Token: secret.New("t")})
	if _, err := gone.Send(t.Context(), tenant, feierabend.ChatMessage{To: "+491713920012", Text: "x"}); !errors.As(err, &ce) || ce.Lost || !ce.Retry {
		t.Errorf("refused connection: %v", err)
	}
	empty := graph(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{}`) })
	if _, err := empty.Send(t.Context(), tenant, feierabend.ChatMessage{To: "+491713920012", Text: "x"}); !errors.As(err, &ce) || !ce.Lost {
		t.Errorf("answer without an id: %v", err)
	}
}

// TestGuardErrors: what the guard refused waits for the operator and is never
// taken for sent; the gate's answer passes through.
func TestGuardErrors(t *testing.T) {
	refused := feierabend.Permanent(&feierabend.Error{Kind: feierabend.Internal, Code: "outbound_plain"})
	_, err := whatsapp.New(whatsapp.Options{Do: failing{refused}, PhoneNumberID: "1"}).Send(t.Context(), tenant, feierabend.ChatMessage{To: "+491713920012", Text: "x"})
	var ce *feierabend.ChatError
	if !errors.As(err, &ce) || !ce.Park || ce.Lost || feierabend.CodeOf(err) != "outbound_plain" {
		t.Errorf("refused by the guard: %v", err)
	}
	gate := &feierabend.Error{Kind: feierabend.Unauthorized, Code: "no_agreement"}
	if _, err := whatsapp.New(whatsapp.Options{Do: failing{gate}, PhoneNumberID: "1"}).Media(t.Context(), tenant, "1"); feierabend.KindOf(err) != feierabend.Unauthorized {
		t.Errorf("refused by the gate: %v", err)
	}
}

type failing struct{ err error }

func (f failing) Do(context.Context, feierabend.TenantID, feierabend.ProviderID, *http.Request) (*http.Response, error) {
	return nil, f.err
}

func TestLimits(t *testing.T) {
	c := graph(t, func(http.ResponseWriter, *http.Request) { t.Error("a refused message was sent") })
	b := func(n int, id, title string) (out []feierabend.ChatButton) {
		for i := range n {
			out = append(out, feierabend.ChatButton{ID: fmt.Sprint(id, i), Title: fmt.Sprint(title, i)})
		}
		return out
	}
	to := "+491713920012"
	for name, m := range map[string]feierabend.ChatMessage{
		"nobody":        {Text: "x"},
		"no plus":       {To: "491713920012", Text: "x"},
		"empty":         {To: to},
		"long":          {To: to, Text: strings.Repeat("ü", 4097)},
		"long caption":  {To: to, Text: strings.Repeat("ü", 1025), DocumentMedia: "1"},
		"long body":     {To: to, Text: strings.Repeat("ü", 1025), Buttons: b(1, "a", "A")},
		"long request":  {ToBSUID: "DE.1", Text: strings.Repeat("ü", 1025), AskContact: true},
		"mixed request": {ToBSUID: "DE.1", Text: "x", AskContact: true, Buttons: b(1, "a", "A")},
		"four buttons":  {To: to, Text: "x", Buttons: b(4, "a", "A")},
		"long title":    {To: to, Text: "x", Buttons: b(1, "a", strings.Repeat("ü", 20))},
		"long id":       {To: to, Text: "x", Buttons: b(1, strings.Repeat("i", 256), "A")},
		"callback":      {To: to, Text: "x", Callback: strings.Repeat("c", 513)},
		"same titles":   {To: to, Text: "x", Buttons: []feierabend.ChatButton{{ID: "1", Title: "A"}, {ID: "2", Title: "A"}}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := c.Send(t.Context(), tenant, m); feierabend.KindOf(err) != feierabend.Invalid {
				t.Errorf("error %v, want invalid", err)
			}
		})
	}
}

// TestPing asks for the own number's id and sends nothing; a refusal is told.
func TestPing(t *testing.T) {
	var asked string
	status := http.StatusOK
	c := graph(t, func(w http.ResponseWriter, r *http.Request) {
		asked = r.Method + " " + r.URL.String() + " " + r.Header.Get("Authorization")
		w.WriteHeader(status)
		io.WriteString(w, `{"id":"115577990033441"}`)
	})
	if err := c.Ping(t.Context()); err != nil || asked != "GET /v25.0/115577990033441?fields=id Bearer token" {
		t.Errorf("asked %q: %v", asked, err)
	}
	for _, status = range []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusServiceUnavailable} {
		if err := c.Ping(t.Context()); err == nil {
			t.Errorf("%d is taken for an answer", status)
		}
	}
}
