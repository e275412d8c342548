package simulator_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"feierabend"
	"feierabend/internal/simulator"
)

// TestChange: the real client reads each kind of change, and the person has another id
// afterwards, except where only the device is new.
func TestChange(t *testing.T) {
	for kind, want := range map[string]feierabend.SuspendReason{
		simulator.ChangeNumber: feierabend.SuspendedNumber, simulator.ChangeID: feierabend.SuspendedIdentity,
		simulator.ChangeIdentity: feierabend.SuspendedDevice, simulator.ChangeUpdate: feierabend.SuspendedIdentity,
	} {
		t.Run(kind, func(t *testing.T) {
			b := newBench(t, nil)
			if err := b.sim.Change(hauke, kind); err != nil {
				t.Fatal(err)
			}
			must(b.sim.SendText(hauke, "Moin"))
			in := b.inbound(2)
			was, now := in[0], in[1]
			if was.Kind != feierabend.InboundChange || was.From != hauke || was.BSUID == "" || was.Text != string(want) {
				t.Errorf("the change is %+v", was)
			}
			if same := now.BSUID == was.BSUID; same != (kind == simulator.ChangeIdentity) {
				t.Errorf("then the id is %q, before %q", now.BSUID, was.BSUID)
			}
		})
	}
	if err := newBench(t, nil).sim.Change(hauke, "nothing"); err == nil {
		t.Error("an unknown change")
	}
}

// TestStrangersPhone: a link of the wa.me kind opens the chat of a number that nobody
// has linked, with the text in its field and not yet sent.
func TestStrangersPhone(t *testing.T) {
	b := newBench(t, nil)
	q := url.Values{"nummer": {"0171 39203456"}, "text": {"Code: K7QF"}}
	res := must(http.Get(b.srv.URL + "/wa.me?" + q.Encode()))
	defer res.Body.Close()
	page := string(must(io.ReadAll(res.Body)))
	if !strings.Contains(page, `value="Code: K7QF"`) || !strings.Contains(page, "noch nicht verbunden") || len(b.sim.Chat("+4917139203456")) != 0 {
		t.Errorf("%d %s", res.StatusCode, page)
	}
	for _, bad := range []string{"", "12", "+4930231250420", "javascript:1", "+49171392034561234"} {
		if _, err := b.sim.AddPhone(simulator.Person{Phone: bad}); err == nil {
			t.Errorf("%q got a phone", bad)
		}
	}
	if n, err := b.sim.AddPhone(simulator.Person{Phone: "+4917139203456"}); err != nil || n != 3 {
		t.Errorf("the same number again: %d, %v", n, err)
	}
}
