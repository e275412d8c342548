package simulator_test

import (
	"net/url"
	"strings"
	"testing"

	"feierabend"
	"feierabend/internal/simulator"
)

// TestShareContact: the real client asks for the number of a person whose number is hidden;
// the button on the phone shares it, and only that answer says a number. Cards from the
// address book do not, nor does anybody who was not asked.
func TestShareContact(t *testing.T) {
	b := newBench(t, func(o *simulator.Options) {
		o.People = []simulator.Person{{Phone: hauke, Name: "Jana", BSUID: "DE.84720193756201", Username: true}}
	})
	if _, err := b.sim.ShareContact(hauke); err == nil {
		t.Error("shared without being asked")
	}
	must(b.sim.SendText(hauke, "Code"))
	must(b.sim.SendCard(hauke, simulator.Person{Phone: hauke, Name: "Jana"}, false))
	must(b.sim.SendCard(hauke, simulator.Person{Phone: hauke, Name: "Jana"}, true))
	for _, m := range b.inbound(3)[1:] {
		if m.Contact != "" || m.Kind != feierabend.InboundUnsupported || m.From != "" {
			t.Errorf("a card: %+v", m)
		}
	}
	if _, err := b.client.Send(t.Context(), b.tenant, feierabend.ChatMessage{ToBSUID: "DE.84720193756201", Text: "Teilen Sie Ihre Nummer?", AskContact: true, Callback: "o:t:1"}); err != nil {
		t.Fatal(err)
	}
	b.states("o:t:1", 3)
	if _, _, page := b.get("/?t=1"); strings.Count(page, ">Nummer teilen</button>") != 1 {
		t.Errorf("no button on the page:\n%s", page)
	}
	b.post("/kontakt?t=1", url.Values{})
	in := b.inbound(4)[3]
	if in.Contact != hauke || in.Forwarded || in.From != "" || in.BSUID != "DE.84720193756201" || len(in.Raw) != 0 {
		t.Errorf("the answer: %+v", in)
	}
	if _, _, page := b.get("/?t=1"); strings.Contains(page, "Nummer teilen</button>") {
		t.Error("the button is still there")
	}
	if code, _, body := b.post("/sim/v1/contact", url.Values{"phone": {"1"}, "number": {"+4917139200999"}, "name": {"Max"}}); code != 200 {
		t.Errorf("a card by the API: %d %s", code, body)
	}
	if code, _, _ := b.post("/sim/v1/contact", url.Values{"phone": {"1"}, "number": {"javascript:1"}}); code != 400 {
		t.Errorf("a card without a number: %d", code)
	}
	b.post("/telefon", url.Values{"nummer": {"0171 39203456"}, "verborgen": {"1"}})
	must(b.sim.SendText("+4917139203456", "Moin"))
	if m := b.inbound(6)[5]; m.From != "" || m.BSUID == "" {
		t.Errorf("a hidden phone from the page: %+v", m)
	}
}
