package whatsapp_test

import (
	"strings"
	"testing"

	"feierabend"
)

// malformed are signed deliveries that real systems have choked on or that break
// one assumption each; want is how many messages and statuses still come out.
// None may panic, and none but the ones that are no JSON object may fail.
var malformed = []struct {
	name, body   string
	msgs, status int
	invalid      bool
}{
	{"empty", ``, 0, 0, true},
	{"space", `   `, 0, 0, true},
	{"null", `null`, 0, 0, true},
	{"number", `17`, 0, 0, true},
	{"string", `"whatsapp_business_account"`, 0, 0, true},
	{"array", `[]`, 0, 0, true},
	{"truncated", `{"object":"whatsapp_business_account","entry":[{"id":"1","chan`, 0, 0, true},
	{"trailing rubbish", `{"object":"whatsapp_business_account"} x`, 0, 0, true},
	{"two objects", `{"object":"whatsapp_business_account"}{}`, 0, 0, true},
	{"byte order mark", "\ufeff" + `{"object":"whatsapp_business_account"}`, 0, 0, true},
	{"not utf-8 outside", "\xff\xfe{}", 0, 0, true},
	{"html", `<html><body>502</body></html>`, 0, 0, true},
	{"form", `payload=%7B%7D`, 0, 0, true},
	{"deeply nested", strings.Repeat(`{"a":`, 20000) + `1` + strings.Repeat(`}`, 20000), 0, 0, true},
	{"empty object", `{}`, 0, 0, false},
	{"object null", `{"object":null,"entry":[]}`, 0, 0, false},
	{"object number", `{"object":1,"entry":[]}`, 0, 0, false},
	{"no entry", `{"object":"whatsapp_business_account"}`, 0, 0, false},
	{"entry null", `{"object":"whatsapp_business_account","entry":null}`, 0, 0, false},
	{"entry object", `{"object":"whatsapp_business_account","entry":{"changes":[]}}`, 0, 0, false},
	{"entry string", `{"object":"whatsapp_business_account","entry":"x"}`, 0, 0, false},
	{"entry of scalars", `{"object":"whatsapp_business_account","entry":[1,"a",null,true,[]]}`, 0, 0, false},
	{"changes null", `{"object":"whatsapp_business_account","entry":[{"changes":null}]}`, 0, 0, false},
	{"changes object", `{"object":"whatsapp_business_account","entry":[{"changes":{"field":"messages"}}]}`, 0, 0, false},
	{"changes of scalars", `{"object":"whatsapp_business_account","entry":[{"changes":[1,"a",null]}]}`, 0, 0, false},
	{"field missing", `{"object":"whatsapp_business_account","entry":[{"changes":[{"value":{}}]}]}`, 0, 0, false},
	{"field number", `{"object":"whatsapp_business_account","entry":[{"changes":[{"field":9,"value":{}}]}]}`, 0, 0, false},
	{"field unknown", `{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"telepathy","value":{"messages":[` + plain + `]}}]}]}`, 0, 0, false},
	{"value missing", `{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages"}]}]}`, 0, 0, false},
	{"value null", hook(`null`), 0, 0, false},
	{"value array", hook(`[]`), 0, 0, false},
	{"value string", hook(`"x"`), 0, 0, false},
	{"value empty", hook(`{}`), 0, 0, false},
	{"errors only", hook(`{"errors":[{"code":131035}]}`), 0, 0, false},
	{"metadata null", hook(`{"metadata":null,"messages":[` + plain + `]}`), 1, 0, false},
	{"metadata array", hook(`{"metadata":[],"messages":[` + plain + `]}`), 1, 0, false},
	{"metadata numbers", hook(`{"metadata":{"display_phone_number":493023125042,"phone_number_id":115577990033441},"messages":[` + plain + `]}`), 1, 0, false},
	{"contacts rubbish", hook(`{"contacts":"x","messages":[` + plain + `]}`), 1, 0, false},
	{"contacts fewer", hook(`{"contacts":[],"messages":[` + plain + `,` + plain + `]}`), 2, 0, false},
	{"messages null", hook(`{"messages":null}`), 0, 0, false},
	{"messages object", hook(`{"messages":` + plain + `}`), 0, 0, false},
	{"messages string", hook(`{"messages":"x"}`), 0, 0, false},
	{"messages of scalars", hook(`{"messages":[null,1,"x",[],true,` + plain + `]}`), 1, 0, false},
	{"message empty", messages(`{}`), 0, 0, false},
	{"message null", messages(`null`), 0, 0, false},
	{"id number", messages(`{"from":"491713920012","id":123,"type":"text","text":{"body":"x"}}`), 1, 0, false},
	{"id object", messages(`{"from":"491713920012","id":{},"type":"text","text":{"body":"x"}}`), 0, 0, false},
	{"id null", messages(`{"from":"491713920012","id":null,"type":"text","text":{"body":"x"}}`), 0, 0, false},
	{"id huge", messages(`{"from":"491713920012","id":"` + strings.Repeat("w", 5000) + `","type":"text","text":{"body":"x"}}`), 0, 0, false},
	{"from number", messages(`{"from":491713920012,"id":"w","type":"text","text":{"body":"x"}}`), 1, 0, false},
	{"from float", messages(`{"from":4.9e11,"id":"w","type":"text","text":{"body":"x"}}`), 0, 0, false},
	{"from null", messages(`{"from":null,"id":"w","type":"text","text":{"body":"x"}}`), 0, 0, false},
	{"from array", messages(`{"from":["491713920012"],"id":"w","type":"text","text":{"body":"x"}}`), 0, 0, false},
	{"from empty, bsuid there", messages(`{"from":"","from_user_id":"DE.1","id":"w","type":"text","text":{"body":"x"}}`), 1, 0, false},
	{"from with plus", messages(`{"from":"+491713920012","id":"w","type":"text","text":{"body":"x"}}`), 1, 0, false},
	{"from leading zero", messages(`{"from":"01713920012","id":"w","type":"text","text":{"body":"x"}}`), 0, 0, false},
	{"from too long", messages(`{"from":"4917139200124917139200","id":"w","type":"text","text":{"body":"x"}}`), 0, 0, false},
	{"from arabic digits", messages(`{"from":"٤٩١٧١٣٩٢٠٠١٢","id":"w","type":"text","text":{"body":"x"}}`), 0, 0, false},
	{"type missing", messages(`{"from":"491713920012","id":"w"}`), 1, 0, false},
	{"type null", messages(`{"from":"491713920012","id":"w","type":null}`), 1, 0, false},
	{"type number", messages(`{"from":"491713920012","id":"w","type":5}`), 1, 0, false},
	{"type object", messages(`{"from":"491713920012","id":"w","type":{}}`), 1, 0, false},
	{"shared contact", messages(`{"from_user_id":"DE.1","id":"w","type":"contacts","contacts":[{"origin":"contact_request","phones":[{"phone":"+491713920012","wa_id":"491713920012"}]}]}`), 1, 0, false},
	{"shared contact, phones nested", messages(`{"from_user_id":"DE.1","id":"w","type":"contacts","contacts":[{"origin":"contact_request","phones":[[{"wa_id":"1"}],null]}]}`), 1, 0, false},
	{"card of somebody", messages(`{"from_user_id":"DE.1","id":"w","type":"contacts","contacts":[{"origin":"other","name":{"formatted_name":"Max"},"phones":[{"phone":"+49 171 3920034"}]}]}`), 1, 0, false},
	{"contacts of scalars", messages(`{"from_user_id":"DE.1","id":"w","type":"contacts","contacts":[1,null,"x"]}`), 1, 0, false},
	{"text missing", messages(`{"from":"491713920012","id":"w","type":"text"}`), 1, 0, false},
	{"text string", messages(`{"from":"491713920012","id":"w","type":"text","text":"x"}`), 1, 0, false},
	{"text null", messages(`{"from":"491713920012","id":"w","type":"text","text":null}`), 1, 0, false},
	{"text array", messages(`{"from":"491713920012","id":"w","type":"text","text":[{"body":"x"}]}`), 1, 0, false},
	{"body number", messages(`{"from":"491713920012","id":"w","type":"text","text":{"body":189}}`), 1, 0, false},
	{"body object", messages(`{"from":"491713920012","id":"w","type":"text","text":{"body":{}}}`), 1, 0, false},
	{"body blank", messages(`{"from":"491713920012","id":"w","type":"text","text":{"body":" \n "}}`), 1, 0, false},
	{"lone surrogate", messages(`{"from":"491713920012","id":"w","type":"text","text":{"body":"\ud83d"}}`), 1, 0, false},
	{"nul character", messages(`{"from":"491713920012","id":"w","type":"text","text":{"body":"a\u0000b"}}`), 1, 0, false},
	{"not utf-8 inside", messages("{\"from\":\"491713920012\",\"id\":\"w\",\"type\":\"text\",\"text\":{\"body\":\"\xff\xfe\"}}"), 1, 0, false},
	{"long body", messages(`{"from":"491713920012","id":"w","type":"text","text":{"body":"` + strings.Repeat("ü", 65536) + `"}}`), 1, 0, false},
	{"audio missing", messages(`{"from":"491713920012","id":"w","type":"audio"}`), 1, 0, false},
	{"audio null", messages(`{"from":"491713920012","id":"w","type":"audio","audio":null}`), 1, 0, false},
	{"audio string", messages(`{"from":"491713920012","id":"w","type":"audio","audio":"129"}`), 1, 0, false},
	{"audio id object", messages(`{"from":"491713920012","id":"w","type":"audio","audio":{"id":{}}}`), 1, 0, false},
	{"audio id path", messages(`{"from":"491713920012","id":"w","type":"audio","audio":{"id":"../../me","mime_type":"audio/ogg"}}`), 1, 0, false},
	{"audio mime number", messages(`{"from":"491713920012","id":"w","type":"audio","audio":{"id":"1","mime_type":7}}`), 1, 0, false},
	{"audio size negative", messages(`{"from":"491713920012","id":"w","type":"audio","audio":{"id":"1","file_size":-5}}`), 1, 0, false},
	{"audio size huge", messages(`{"from":"491713920012","id":"w","type":"audio","audio":{"id":"1","file_size":1e300}}`), 1, 0, false},
	{"audio voice string", messages(`{"from":"491713920012","id":"w","type":"audio","audio":{"id":"1","voice":"true"}}`), 1, 0, false},
	{"context string", messages(`{"from":"491713920012","id":"w","type":"text","context":"x","text":{"body":"x"}}`), 1, 0, false},
	{"context null", messages(`{"from":"491713920012","id":"w","type":"text","context":null,"text":{"body":"x"}}`), 1, 0, false},
	{"interactive missing", messages(`{"from":"491713920012","id":"w","type":"interactive"}`), 1, 0, false},
	{"interactive string", messages(`{"from":"491713920012","id":"w","type":"interactive","interactive":"x"}`), 1, 0, false},
	{"button reply null", messages(`{"from":"491713920012","id":"w","type":"interactive","interactive":{"type":"button_reply","button_reply":null}}`), 1, 0, false},
	{"button reply other key", messages(`{"from":"491713920012","id":"w","type":"interactive","interactive":{"type":"button_reply","list_reply":{"id":"x"}}}`), 1, 0, false},
	{"button id long", messages(`{"from":"491713920012","id":"w","type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":"` + strings.Repeat("i", 300) + `"}}}`), 1, 0, false},
	{"duplicate keys", messages(`{"from":"491713920012","id":"w","id":"v","type":"image","type":"text","text":{"body":"x"}}`), 1, 0, false},
	{"group id number", messages(`{"from":"491713920012","id":"w","group_id":5,"type":"text","text":{"body":"x"}}`), 0, 0, false},
	{"statuses object", hook(`{"statuses":{"id":"w","status":"sent"}}`), 0, 0, false},
	{"status unknown", hook(`{"statuses":[{"id":"w","status":"beamed"}]}`), 0, 0, false},
	{"status number", hook(`{"statuses":[{"id":"w","status":1}]}`), 0, 0, false},
	{"status id number", hook(`{"statuses":[{"id":5,"status":"sent"}]}`), 0, 1, false},
	{"status errors string", hook(`{"statuses":[{"id":"w","status":"failed","errors":"x"}]}`), 0, 1, false},
	{"status errors code string", hook(`{"statuses":[{"id":"w","status":"failed","errors":[{"code":"131026"}]}]}`), 0, 1, false},
	{"status without id", hook(`{"statuses":[{"status":"sent"}]}`), 0, 0, false},
	{"status as message", messages(`{"from":"491713920012","id":"w","status":"sent"}`), 1, 0, false},
	{"both", hook(`{"messages":[` + plain + `],"statuses":[{"id":"w","status":"read"}]}`), 1, 1, false},
}

const plain = `{"from":"491713920012","id":"wamid.1","timestamp":"1791273600","type":"text","text":{"body":"x"}}`

func TestMalformed(t *testing.T) {
	if len(malformed) < 60 {
		t.Fatalf("%d cases, at least 60 wanted", len(malformed))
	}
	for _, tc := range malformed {
		t.Run(tc.name, func(t *testing.T) {
			in, st, err := client().Parse(sign(tc.body, appSecret), []byte(tc.body))
			if tc.invalid != (feierabend.KindOf(err) == feierabend.Invalid) || !tc.invalid && err != nil {
				t.Errorf("error %v, want invalid %v", err, tc.invalid)
			}
			if len(in) != tc.msgs || len(st) != tc.status {
				t.Errorf("%d messages, %d statuses, want %d, %d", len(in), len(st), tc.msgs, tc.status)
			}
			for _, m := range in {
				checkInbound(t, m)
			}
		})
	}
}

// checkInbound states what every parsed message must keep.
func checkInbound(t *testing.T, m feierabend.Inbound) {
	t.Helper()
	switch {
	case m.ExternalID == "", m.From == "" && m.BSUID == "", m.At.IsZero(), m.At.After(now), m.MediaSize < 0,
		len(m.Raw) == 0 && m.Kind != feierabend.InboundUnsupported: // an answer to request_contact_info keeps none
		t.Errorf("message lacks what the store needs: kind %s", m.Kind)
	case m.Kind == feierabend.InboundText && m.Text == "",
		m.Kind == feierabend.InboundAudio && m.MediaID == "",
		m.Kind == feierabend.InboundButton && m.Button == "":
		t.Errorf("kind %s without its value", m.Kind)
	case m.Contact != "" && (m.Kind != feierabend.InboundUnsupported || m.Forwarded || len(m.Raw) > 0 || len(m.Contact) < 6 || m.Contact[0] != '+'):
		t.Errorf("a shared number in kind %s, forwarded %v, %d bytes kept", m.Kind, m.Forwarded, len(m.Raw))
	}
}

// FuzzParse: authentic bytes of any shape neither panic nor give half messages,
// and the same bytes without a signature give nothing.
func FuzzParse(f *testing.F) {
	for _, tc := range malformed {
		if len(tc.body) < 4096 {
			f.Add([]byte(tc.body))
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		in, _, err := client().Parse(sign(string(body), appSecret), body)
		if err != nil && feierabend.KindOf(err) != feierabend.Invalid {
			t.Fatalf("error %v", err)
		}
		for _, m := range in {
			checkInbound(t, m)
		}
		if in, st, err := client().Parse(nil, body); feierabend.KindOf(err) != feierabend.Unauthorized || len(in)+len(st) > 0 {
			t.Fatal("unsigned bytes were read")
		}
	})
}
