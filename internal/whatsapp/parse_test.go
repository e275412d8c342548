package whatsapp_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feierabend"
	"feierabend/internal/secret"
	"feierabend/internal/whatsapp"
)

const appSecret = "test-app-secret"

var now = time.Date(2026, 10, 6, 12, 0, 0, 0, time.UTC)

func client() *whatsapp.Client {
	return whatsapp.New(whatsapp.Options{
		Secrets: []secret.Secret{secret.New("older-secret"), {}, secret.New(appSecret)}, VerifyToken: secret.New("own-string"),
		Now: func() time.Time { return now },
	})
}

func sign(body, key string) http.Header {
	m := hmac.New(sha256.New, []byte(key))
	m.Write([]byte(body))
	h := http.Header{}
	h.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(m.Sum(nil)))
	return h
}

// hook wraps messages and statuses into a whole delivery.
func hook(value string) string {
	return `{"object":"whatsapp_business_account","entry":[{"id":"104455667788990","changes":[{"field":"messages","value":` + value + `}]}]}`
}

func messages(m string) string {
	return hook(`{"messaging_product":"whatsapp","metadata":{"display_phone_number":"493023125042","phone_number_id":"115577990033441"},"messages":[` + m + `]}`)
}

func TestKinds(t *testing.T) {
	const head = `"from":"491713920012","from_user_id":"DE.84720193756201","id":"wamid.1","timestamp":"1791273600",`
	sent := time.Unix(1791273600, 0).UTC()
	base := feierabend.Inbound{Channel: "whatsapp", ExternalID: "wamid.1", From: "+491713920012", BSUID: "DE.84720193756201", At: sent, Dated: true}
	with := func(f func(*feierabend.Inbound)) feierabend.Inbound { b := base; f(&b); return b }
	unsupported := with(func(i *feierabend.Inbound) { i.Kind = feierabend.InboundUnsupported })
	press := with(func(i *feierabend.Inbound) { i.Kind, i.Button = feierabend.InboundButton, "issue:x:1" })
	for name, tc := range map[string]struct {
		rest string
		want feierabend.Inbound
	}{
		"text": {`"type":"text","text":{"body":"M\u00fcller \/ Gr\u00fc\u00dfe \ud83d\udc4d"}`, with(func(i *feierabend.Inbound) {
			i.Kind, i.Text = feierabend.InboundText, "Müller / Grüße 👍"
		})},
		"reply": {`"type":"text","context":{"from":"493023125042","id":"wamid.0"},"text":{"body":"Ja"}`, with(func(i *feierabend.Inbound) {
			i.Kind, i.Text = feierabend.InboundText, "Ja"
		})},
		"voice": {`"type":"audio","audio":{"id":"129","mime_type":"audio/ogg; codecs=opus","sha256":"W9Kd","voice":true,"url":"https://x"}`, with(func(i *feierabend.Inbound) {
			i.Kind, i.MediaID, i.MediaType, i.SHA256, i.Voice = feierabend.InboundAudio, "129", "audio/ogg; codecs=opus", "W9Kd", true
		})},
		"forwarded audio, id a number": {`"type":"audio","context":{"forwarded":true},"audio":{"id":129,"mime_type":"audio/mp4","file_size":"77"}`, with(func(i *feierabend.Inbound) {
			i.Kind, i.MediaID, i.MediaType, i.MediaSize, i.Forwarded = feierabend.InboundAudio, "129", "audio/mp4", 77, true
		})},
		"often forwarded": {`"type":"audio","context":{"frequently_forwarded":true},"audio":{"id":"1","mime_type":"audio/ogg"}`, with(func(i *feierabend.Inbound) {
			i.Kind, i.MediaID, i.MediaType, i.Forwarded = feierabend.InboundAudio, "1", "audio/ogg", true
		})},
		"view once":       {`"type":"audio","audio":{}`, unsupported},
		"media failed":    {`"type":"audio","errors":[{"code":131052}]`, unsupported},
		"button":          {`"type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":"issue:x:1","title":"Ausstellen"}}`, press},
		"list":            {`"type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"issue:x:1","title":"A","description":"B"}}`, press},
		"template button": {`"type":"button","button":{"payload":"issue:x:1","text":"A"}`, press},
		"nfm reply":       {`"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{}}`, unsupported},
		"image":           {`"type":"image","image":{"id":"1","caption":"Baustelle"}`, unsupported},
		"document":        {`"type":"document","document":{"id":"1"}`, unsupported},
		"video":           {`"type":"video","video":{"id":"1"}`, unsupported},
		"sticker":         {`"type":"sticker","sticker":{"id":"1"}`, unsupported},
		"location":        {`"type":"location","location":{"latitude":52.5,"longitude":13.4}`, unsupported},
		"contacts":        {`"type":"contacts","contacts":[{"name":{"formatted_name":"Max"}}]`, unsupported},
		"any card":        {`"type":"contacts","contacts":[{"origin":"other","phones":[{"phone":"+491713920012","wa_id":"491713920012"}]}]`, unsupported},
		"unsupported":     {`"type":"unsupported","errors":[{"code":131051}]`, unsupported},
		"poll inside":     {`"type":"unsupported","unsupported":{"type":"poll_creation"}`, unsupported},
		"unheard of":      {`"type":"hologram","hologram":{"z":1}`, unsupported},
	} {
		t.Run(name, func(t *testing.T) {
			raw := "{" + head + tc.rest + "}"
			body := messages(raw)
			in, st, err := client().Parse(sign(body, appSecret), []byte(body))
			if err != nil || len(in) != 1 || st != nil {
				t.Fatalf("got %d messages, %d statuses, %v", len(in), len(st), err)
			}
			tc.want.Raw = []byte(raw)
			if d := cmp.Diff(tc.want, in[0]); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestIgnored(t *testing.T) {
	for name, m := range map[string]string{
		"group":       `{"from":"491713920012","group_id":"g1","id":"wamid.1","type":"text","text":{"body":"x"}}`,
		"reaction":    `{"from":"491713920012","id":"wamid.1","type":"reaction","reaction":{"message_id":"wamid.0","emoji":""}}`,
		"edit":        `{"from":"491713920012","id":"wamid.1","type":"edit","edit":{"original_message_id":"wamid.0","message":{"type":"text","text":{"body":"neu"}}}}`,
		"revoke":      `{"from":"491713920012","id":"wamid.1","type":"revoke","revoke":{"original_message_id":"wamid.0"}}`,
		"system":      `{"id":"wamid.1","from":"491713920012","type":"system","system":{"type":"group_created"}}`,
		"own number":  `{"from":"493023125042","id":"wamid.1","type":"text","text":{"body":"x"}}`,
		"no sender":   `{"id":"wamid.1","type":"text","text":{"body":"x"}}`,
		"no id":       `{"from":"491713920012","type":"text","text":{"body":"x"}}`,
		"wrong phone": `{"from":"javascript:1","id":"wamid.1","type":"text","text":{"body":"x"}}`,
		"wrong bsuid": `{"from_user_id":"DE.1;drop","id":"wamid.1","type":"text","text":{"body":"x"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			body := messages(m)
			in, st, err := client().Parse(sign(body, appSecret), []byte(body))
			if err != nil || len(in)+len(st) != 0 {
				t.Errorf("got %d messages, %d statuses, %v, want nothing", len(in), len(st), err)
			}
		})
	}
}

// TestUsername: people with a username come without a number.
func TestUsername(t *testing.T) {
	body := hook(`{"contacts":[{"profile":{"name":"Jana","username":"jana.malert"},"user_id":"DE.84720193756201"}],
	 "messages":[{"from_user_id":"DE.84720193756201","id":"wamid.1","timestamp":"1791273600","type":"text","text":{"body":"x"}}]}`)
	in, _, err := client().Parse(sign(body, appSecret), []byte(body))
	if err != nil || len(in) != 1 || in[0].From != "" || in[0].BSUID != "DE.84720193756201" {
		t.Errorf("got %+v, %v", in, err)
	}
	for id, ok := range map[string]bool{
		"DE.1": true, "US.ENT.abc9": true, "DE." + strings.Repeat("a", 128): true,
		"DE." + strings.Repeat("a", 129): false, "DE.": false, "DEU.1": false, "1": false, "DE.ENT.": false, "DE.a-b": false,
	} {
		body := messages(`{"from_user_id":"` + id + `","id":"w","type":"text","text":{"body":"x"}}`)
		if in, _, _ := client().Parse(sign(body, appSecret), []byte(body)); (len(in) == 1) != ok {
			t.Errorf("bsuid %.20q: %d messages, want ok %v", id, len(in), ok)
		}
	}
}

func TestTimestamps(t *testing.T) {
	for ts, want := range map[string]time.Time{
		`"1791273600"`:           time.Unix(1791273600, 0).UTC(),
		`1791273600`:             time.Unix(1791273600, 0).UTC(),
		`"1790000000"`:           time.Unix(1790000000, 0).UTC(),
		`"1791999999"`:           now, // ahead of our clock
		`"99999999999999999999"`: now,
		`"-1"`:                   now,
		`"0"`:                    now,
		`""`:                     now,
		`"gestern"`:              now,
		`null`:                   now,
		`{}`:                     now,
		`"1\"2"`:                 now,
		`1.7912736e9`:            time.Unix(1791273600, 0).UTC(),
	} {
		body := messages(`{"from":"491713920012","id":"w","timestamp":` + ts + `,"type":"text","text":{"body":"x"}}`)
		in, _, err := client().Parse(sign(body, appSecret), []byte(body))
		if err != nil || len(in) != 1 || !in[0].At.Equal(want) {
			t.Errorf("%s: %+v, %v, want %s", ts, in, err, want)
		}
	}
}

func TestStatuses(t *testing.T) {
	at := time.Unix(1791273611, 0).UTC()
	body := hook(`{"statuses":[
	 {"id":"wamid.a","status":"sent","timestamp":"1791273611","recipient_id":"49171","biz_opaque_callback_data":"o:t:1","pricing":{"billable":true}},
	 {"id":"wamid.a","status":"delivered","timestamp":"1791273611"},
	 {"id":"wamid.a","status":"read","timestamp":"1791273611"},
	 {"id":"wamid.a","status":"played","timestamp":"1791273611"},
	 {"id":"wamid.b","status":"failed","timestamp":"1791273611","errors":[{"code":131047,"title":"x"}]},
	 {"id":"wamid.b","status":"failed","timestamp":"1791273611","errors":[null,{"code":"131026"}]},
	 {"id":"wamid.c","status":"warped","timestamp":"1791273611"},
	 {"status":"sent"}, null, 7, "x", []]}`)
	in, st, err := client().Parse(sign(body, appSecret), []byte(body))
	if err != nil || in != nil {
		t.Fatalf("%d messages, %v", len(in), err)
	}
	want := []feierabend.DeliveryStatus{
		{Channel: "whatsapp", ExternalID: "wamid.a", Callback: "o:t:1", State: feierabend.SendSent, At: at},
		{Channel: "whatsapp", ExternalID: "wamid.a", State: feierabend.SendDelivered, At: at},
		{Channel: "whatsapp", ExternalID: "wamid.a", State: feierabend.SendRead, At: at},
		{Channel: "whatsapp", ExternalID: "wamid.a", State: feierabend.SendRead, At: at},
		{Channel: "whatsapp", ExternalID: "wamid.b", State: feierabend.SendFailed, Code: 131047, At: at},
		{Channel: "whatsapp", ExternalID: "wamid.b", State: feierabend.SendFailed, Code: 131026, At: at},
	}
	if d := cmp.Diff(want, st); d != "" {
		t.Error(d)
	}
}

// TestBatch walks all four levels: 1,000 updates over entries and changes, with
// odd elements between them (conformance 3).
func TestBatch(t *testing.T) {
	var entries []string
	n := 0
	for range 5 {
		var changes []string
		for range 4 {
			var ms, ss []string
			for range 25 {
				ms = append(ms, fmt.Sprintf(`{"from":"491713920012","id":"wamid.%d","timestamp":"1791273600","type":"text","text":{"body":"%d"}}`, n, n), `{"odd":[]}`, `null`)
				ss = append(ss, fmt.Sprintf(`{"id":"wamid.out%d","status":"sent"}`, n), `"odd"`)
				n++
			}
			changes = append(changes, `{"field":"messages","value":{"messages":[`+strings.Join(ms, ",")+`],"statuses":[`+strings.Join(ss, ",")+`]}}`,
				`{"field":"account_update","value":{"event":"X"}}`, `{"field":"message_echoes","value":{"messages":[{"from":"493","id":"e","type":"text"}]}}`)
		}
		entries = append(entries, `{"id":"1","time":1791273600,"changes":[`+strings.Join(changes, ",")+`]}`, `17`)
	}
	body := `{"object":"whatsapp_business_account","entry":[` + strings.Join(entries, ",") + `]}`
	in, st, err := client().Parse(sign(body, appSecret), []byte(body))
	if err != nil || len(in) != 500 || len(st) != 500 {
		t.Fatalf("%d messages, %d statuses, %v, want 500 of each", len(in), len(st), err)
	}
	for i, m := range in {
		if want := fmt.Sprint(i); m.Text != want {
			t.Fatalf("message %d is %q", i, m.Text)
		}
	}
}

// TestForeignObject: other products' webhooks are none of ours.
func TestForeignObject(t *testing.T) {
	body := strings.Replace(messages(`{"from":"491713920012","id":"w","type":"text","text":{"body":"x"}}`), "whatsapp_business_account", "page", 1)
	if in, st, err := client().Parse(sign(body, appSecret), []byte(body)); err != nil || len(in)+len(st) != 0 {
		t.Errorf("got %d, %d, %v", len(in), len(st), err)
	}
}

// TestChanges: what WhatsApp says about an identity names what it was, and never what
// it is now (whatsapp.md §2.1, §2.4, §9.4).
func TestChanges(t *testing.T) {
	const update = `{"object":"whatsapp_business_account","entry":[{"id":"1","time":1791273600,"changes":[{"field":"user_id_update","value":{"messaging_product":"whatsapp",
		"contacts":[{"profile":{"name":"Jana"},"wa_id":"491713920012"}],"user_id_update":[{"wa_id":"491713920012","detail":"x","user_id":{"previous":"DE.1","current":"DE.2"},"timestamp":"1791273600"}]}}]}]}`
	for name, tc := range map[string]struct {
		body, from, bsuid string
		why               feierabend.SuspendReason
	}{
		"number": {messages(`{"id":"wamid.1","from":"491713920012","type":"system","system":{"type":"user_changed_number","wa_id":"4915228817386"}}`), "+491713920012", "", feierabend.SuspendedNumber},
		"id": {
			messages(`{"id":"wamid.1","from":"491713920012","from_user_id":"DE.1","type":"system","system":{"type":"user_changed_user_id","user_id":"DE.2"}}`),
			"+491713920012", "DE.1", feierabend.SuspendedIdentity,
		},
		"device":     {messages(`{"id":"wamid.1","from":"491713920012","type":"system","system":{"type":"customer_identity_changed"}}`), "+491713920012", "", feierabend.SuspendedDevice},
		"new id":     {update, "+491713920012", "DE.1", feierabend.SuspendedIdentity},
		"odd update": {strings.Replace(update, `"field"`, `"odd":1,"field"`, 1), "+491713920012", "DE.1", feierabend.SuspendedIdentity},
	} {
		t.Run(name, func(t *testing.T) {
			in, st, err := client().Parse(sign(tc.body, appSecret), []byte(tc.body))
			if err != nil || len(in) != 1 || len(st) != 0 {
				t.Fatalf("%d messages, %d statuses, %v", len(in), len(st), err)
			}
			if m := in[0]; m.Kind != feierabend.InboundChange || m.From != tc.from || m.BSUID != tc.bsuid || m.Text != string(tc.why) || len(m.Raw) != 0 {
				t.Errorf("%+v", m)
			}
		})
	}
}
