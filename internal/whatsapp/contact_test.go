package whatsapp_test

import (
	"testing"

	"feierabend"
)

// TestContacts: of a shared contact only the answer to our own request says a number, and
// only where there is one; what else stands on the card is not kept.
func TestContacts(t *testing.T) {
	const asked = `{"origin":"contact_request","name":{"formatted_name":"Jana Beispiel"},"phones":[{"phone":"+49 171 3920012","wa_id":"491713920012","type":"CELL"}]}`
	for name, tc := range map[string]struct {
		card, want string
		kept       bool // its JSON
	}{
		"asked for":                  {`"contacts":[{"origin":"contact_request","phones":[{"phone":"+491713920012","wa_id":"491713920012"}]}]`, "+491713920012", false}, // whatsapp.md §2.1
		"with a name":                {`"contacts":[` + asked + `]`, "+491713920012", false},
		"without the account":        {`"contacts":[{"origin":"contact_request","phones":[{"phone":"+49 171 392-0012"}]}]`, "+491713920012", false},
		"the same number twice":      {`"contacts":[{"origin":"contact_request","phones":[{"wa_id":"491713920012"},{"phone":"+491713920012"}]}]`, "+491713920012", false},
		"account as a number":        {`"contacts":[{"origin":"contact_request","phones":[{"wa_id":491713920012}]}]`, "+491713920012", false},
		"two numbers":                {`"contacts":[{"origin":"contact_request","phones":[{"wa_id":"491713920012"},{"wa_id":"491713920013"}]}]`, "", false},
		"a number and rubbish":       {`"contacts":[{"origin":"contact_request","phones":[{"wa_id":"491713920012"},7]}]`, "", false},
		"two cards":                  {`"contacts":[` + asked + `,` + asked + `]`, "", false},
		"asked for beside another":   {`"contacts":[` + asked + `,{"origin":"other","phones":[{"wa_id":"491713920013"}]}]`, "", false},
		"forwarded":                  {`"context":{"forwarded":true},"contacts":[` + asked + `]`, "", false},
		"often forwarded":            {`"context":{"frequently_forwarded":true},"contacts":[` + asked + `]`, "", false},
		"national":                   {`"contacts":[{"origin":"contact_request","phones":[{"phone":"0171 3920012"}]}]`, "", false},
		"no phones":                  {`"contacts":[{"origin":"contact_request"}]`, "", false},
		"phones an object":           {`"contacts":[{"origin":"contact_request","phones":{"wa_id":"491713920012"}}]`, "", false},
		"a shared card":              {`"contacts":[{"origin":"other","phones":[{"phone":"+491713920012","wa_id":"491713920012"}]}]`, "", true},
		"a card without its origin":  {`"contacts":[{"phones":[{"phone":"+491713920012","wa_id":"491713920012"}]}]`, "", true},
		"origin in another spelling": {`"contacts":[{"origin":"Contact_Request","phones":[{"wa_id":"491713920012"}]}]`, "", true},
		"contacts an object":         {`"contacts":` + asked, "", true},
		"no contacts":                {`"x":1`, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			body := messages(`{"from_user_id":"DE.84720193756201","id":"wamid.1","timestamp":"1791273600","type":"contacts",` + tc.card + `}`)
			in, _, err := client().Parse(sign(body, appSecret), []byte(body))
			if err != nil || len(in) != 1 {
				t.Fatalf("%d messages, %v", len(in), err)
			}
			m := in[0]
			if m.Contact != tc.want || (len(m.Raw) > 0) != tc.kept || m.Kind != feierabend.InboundUnsupported || m.Text != "" || m.BSUID != "DE.84720193756201" {
				t.Errorf("got contact %q, %d bytes kept, kind %s, want %q, kept %v", m.Contact, len(m.Raw), m.Kind, tc.want, tc.kept)
			}
		})
	}
	// The same in a message of another kind is nobody's number.
	body := messages(`{"from_user_id":"DE.1","id":"wamid.1","type":"text","text":{"body":"x"},"contacts":[` + asked + `]}`)
	if in, _, err := client().Parse(sign(body, appSecret), []byte(body)); err != nil || len(in) != 1 || in[0].Contact != "" {
		t.Errorf("a text with a card: %+v, %v", in, err)
	}
}
