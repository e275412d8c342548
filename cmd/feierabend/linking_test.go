package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/simulator"
)

const strangersPhone = "+4917139203456"

// hears waits for a message of the service that contains words, and gives it.
func (c *canary) hears(t *testing.T, phone, words string) (found simulator.Bubble) {
	t.Helper()
	err := c.sim.Wait(c.ctx, phone, func(bs []simulator.Bubble) bool {
		return slices.ContainsFunc(bs, func(b simulator.Bubble) bool {
			if b.From == "bot" && strings.Contains(b.Text, words) {
				found = b
				return true
			}
			return false
		})
	})
	if err != nil {
		t.Fatalf("never heard %q: %v", words, err)
	}
	return found
}

// TestStrangerLeavesNothing (OTP-06, J-23): three voice notes of an unknown number make
// no call for media, no row but a keyed counter, no file, and one answer.
func TestStrangerLeavesNothing(t *testing.T) {
	c := newCanary(t)
	if _, err := c.sim.AddPhone(simulator.Person{Phone: strangersPhone, Name: "Fremde"}); err != nil {
		t.Fatal(err)
	}
	if !waitFor(30*time.Second, func() bool { return c.atRest(t) }) {
		t.Fatal("jobs never came to rest")
	}
	before, kept, calls := c.dump(t), len(files(t, c.dirs["data"])), c.mediaCalls()
	for range 3 {
		if _, err := c.sim.SendVoice(strangersPhone, "", []byte("OggS fremde Stimme")); err != nil {
			t.Fatal(err)
		}
	}
	c.hears(t, strangersPhone, "mit keinem Konto verbunden")
	if !waitFor(30*time.Second, func() bool {
		return !slices.ContainsFunc(c.sim.Chat(strangersPhone), func(b simulator.Bubble) bool { return b.From == "me" && b.State == simulator.StateWaiting })
	}) {
		t.Fatal("the notes were not taken")
	}
	answers := 0
	for _, b := range c.sim.Chat(strangersPhone) {
		if b.From == "bot" {
			answers++
		}
	}
	if n := c.mediaCalls(); n != calls || answers != 1 {
		t.Errorf("%d calls for media, %d answers; want none and one", n-calls, answers)
	}
	after := c.dump(t)
	for table, rows := range after {
		if table != "counter" && rows != before[table] {
			t.Errorf("table %s changed", table)
		}
	}
	if n := len(files(t, c.dirs["data"])); n != kept {
		t.Errorf("%d files, before %d", n, kept)
	}
	if _, err := c.sim.SendVoice("+4917139200155", "", []byte("OggS bekannte Stimme")); err != nil { // the count does count
		t.Fatal(err)
	}
	if !waitFor(30*time.Second, func() bool { return c.mediaCalls() > calls }) {
		t.Error("a linked number's note makes no call for media")
	}
}

// mediaCalls is how often the simulator was asked for a file.
func (c *canary) mediaCalls() int { return c.sim.MediaLookups() }

// TestLinkAndStopp is the way of a number over the wire: code, question, Ja, welcome
// with the five words, Status, Stopp, trennen; then the number is a stranger's again.
func TestLinkAndStopp(t *testing.T) {
	c := newCanary(t)
	f := c.firm("+4917139200155", "Wachtelbrand", "Zinnobersteig 12")
	if _, err := c.sim.AddPhone(simulator.Person{Phone: strangersPhone, Name: "Malte"}); err != nil {
		t.Fatal(err)
	}
	people, err := c.store.Colleagues(c.ctx, f.tenant)
	if err != nil || len(people) == 0 {
		t.Fatalf("no owner: %v", err)
	}
	by := feierabend.Actor{User: people[0].User.ID, Role: feierabend.RoleOwner, Via: feierabend.ViaSession}
	wish := feierabend.LinkWish{Phone: strangersPhone, Cookie: "token", Session: []byte("hash")}
	if _, err := c.linking.Begin(c.ctx, by, f.tenant, wish); err != nil {
		t.Fatal(err)
	}
	p, err := c.linking.Latest(c.ctx, f.tenant, wish.Cookie, wish.Session)
	if err != nil {
		t.Fatal(err)
	}
	say := func(text string) {
		t.Helper()
		if _, err := c.sim.SendText(strangersPhone, text); err != nil {
			t.Fatal(err)
		}
	}
	press := func(title string) {
		t.Helper()
		if _, err := c.sim.Press(strangersPhone, title); err != nil {
			t.Fatal(err)
		}
	}
	say(p.Text)
	c.hears(t, strangersPhone, "Haben Sie den Code selbst angefordert?")
	press("Ja, verbinden")
	welcome := c.hears(t, strangersPhone, "Ich bin ein Programm, kein Mensch")
	for _, word := range []string{"Hilfe", "Status", "Löschen", "Mensch", "Stopp"} {
		if !strings.Contains(welcome.Text, word) {
			t.Errorf("the first message lacks %s", word)
		}
	}
	say("STATUS")
	c.hears(t, strangersPhone, "nichts offen")
	say("stopp!")
	c.hears(t, strangersPhone, "Soll ich diese Nummer trennen?")
	press("Ja, trennen")
	c.hears(t, strangersPhone, "Getrennt.")
	links, err := c.store.SenderLinks(c.ctx, f.tenant)
	if err != nil || len(links) != 1 {
		t.Errorf("%d links, %v", len(links), err)
	}
	if !waitFor(30*time.Second, func() bool { return c.atRest(t) }) {
		t.Fatal("jobs never came to rest")
	}
	told := false
	for _, m := range c.sim.Mails() {
		told = told || m.Subject == "Neue WhatsApp-Nummer verbunden"
	}
	if logs := c.logs.String(); !told || strings.Contains(logs, p.Code) || strings.Contains(logs, strangersPhone[1:]) {
		t.Errorf("owner told: %v; code or number in the log", told)
	}
}
