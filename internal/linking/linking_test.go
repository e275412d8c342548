package linking_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/address"
	"feierabend/internal/linking"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

const phone = "+4917139203456"

// wire keeps what goes out by chat and mail.
type wire struct {
	mu    sync.Mutex
	chat  []feierabend.ChatMessage
	mails []feierabend.Mail
	told  chan struct{}
}

type chatWire struct{ *wire }

func (w chatWire) Send(_ context.Context, _ feierabend.TenantID, m feierabend.ChatMessage) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.chat = append(w.chat, m)
	select {
	case w.told <- struct{}{}:
	default:
	}
	return "wamid.x", m.Check()
}

type mailWire struct{ *wire }

func (w mailWire) Send(_ context.Context, _ feierabend.TenantID, m feierabend.Mail) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.mails = append(w.mails, m)
	return nil
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func step(t *testing.T, st *store.Store) (*linking.Step, *wire) {
	t.Helper()
	w := &wire{told: make(chan struct{}, 1)}
	s, err := linking.New(linking.Options{
		Store: st, Channel: chatWire{w}, Mailer: mailWire{w}, ReadPhone: address.ReadPhone, Number: "+4930231250420",
		PublicURL: "https://app.example", Now: st.Now, NewID: feierabend.NewID,
	})
	must(t, err)
	return s, w
}

// pressed delivers a tap of a linked sender and gives the job that works it off.
func pressed(t *testing.T, st *store.Store, f storetest.Firm, id string, act feierabend.ButtonAct, of feierabend.SenderID) feierabend.Job {
	t.Helper()
	in := f.Inbound("wamid."+id, "")
	in.Kind, in.Text, in.Button = feierabend.InboundButton, "", feierabend.Button{Act: act, Case: feierabend.CaseID(of)}.String()
	out, err := st.Receive(context.Background(), []feierabend.Inbound{in})
	must(t, err)
	return feierabend.Job{K: feierabend.JobLinkPress, Tenant: f.Tenant.ID.String(), Ref: string(out[0].Message)}
}

// TestStopp: „Ja, trennen“ ends the own link and no other, twice is once, and the last
// word says it; „Nein“ changes nothing.
func TestStopp(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		s, w := step(t, st)
		for n, of := range []feierabend.SenderID{b.Sender.ID, a.Sender.ID} { // another's button, and Nein
			act := []feierabend.ButtonAct{feierabend.ActUnlink, feierabend.ActRemain}[n]
			must(t, s.Press(ctx, pressed(t, st, a, string(act), act, of)))
		}
		for _, f := range []storetest.Firm{a, b} {
			if l, err := st.SenderLink(ctx, f.Tenant.ID, f.Sender.ID); err != nil || l.Standing != feierabend.SenderActive {
				t.Fatalf("%+v, %v", l, err)
			}
		}
		j := pressed(t, st, a, "yes", feierabend.ActUnlink, a.Sender.ID)
		must(t, s.Press(ctx, j))
		must(t, s.Press(ctx, j))
		if l, err := st.SenderLink(ctx, a.Tenant.ID, a.Sender.ID); err != nil || l.Standing != feierabend.SenderEnded || l.Phone != "" {
			t.Errorf("%+v, %v", l, err)
		}
		if len(w.chat) != 1 || w.chat[0].To != a.Sender.Phone || !strings.HasPrefix(w.chat[0].Text, "Getrennt.") {
			t.Errorf("said %+v", w.chat)
		}
		storetest.Whole(t, st)
	})
}

// TestStrangers: the first message of the day gets the one fixed sentence, the others
// none; it says nothing about the number.
func TestStrangers(t *testing.T) {
	st, _ := storetest.New(t)
	storetest.Seed(t, st)
	s, w := step(t, st)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	s.Start(ctx)
	in := feierabend.Inbound{Channel: "whatsapp", From: phone, Kind: feierabend.InboundText, Text: "Wer ist da?"}
	for n, o := range []feierabend.Outcome{{Code: feierabend.UnknownSender}, {Code: feierabend.Accepted, First: true}, {Code: feierabend.LinkHeard}, {Code: feierabend.UnknownSender, First: true}} {
		s.Heard(in, o)
		if n < 3 {
			continue
		}
		<-w.told
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.chat) != 1 || w.chat[0].To != phone || !strings.Contains(w.chat[0].Text, "https://app.example/nummern") || strings.Contains(w.chat[0].Text, in.Text) {
		t.Errorf("said %+v", w.chat)
	}
}

// TestTelling: each state has its one message, a late question none, and the mails to
// the owner name the masked number only.
func TestTelling(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		s, w := step(t, st)
		by := feierabend.Actor{User: a.User.ID, Role: feierabend.RoleOwner, Via: feierabend.ViaSession}
		wish := feierabend.LinkWish{Phone: "0171 39203456", Cookie: "token", Session: []byte("hash")}
		c, err := s.Begin(ctx, by, a.Tenant.ID, wish)
		must(t, err)
		p, err := s.Latest(ctx, a.Tenant.ID, "token", wish.Session)
		must(t, err)
		if q, err := s.Latest(ctx, a.Tenant.ID, "another token", wish.Session); err != nil || q.Code == p.Code {
			t.Errorf("the code does not hang on the token: %v", err)
		}
		tell := func(id, text, button string) {
			t.Helper()
			in := feierabend.Inbound{Channel: "whatsapp", ExternalID: "wamid." + id, From: phone, Kind: feierabend.InboundText, Text: text}
			if button != "" {
				in.Kind, in.Button = feierabend.InboundButton, button
			}
			out, err := st.Receive(ctx, []feierabend.Inbound{in})
			must(t, err)
			if out[0].Code != feierabend.LinkHeard {
				t.Fatalf("%+v", out)
			}
		}
		job := feierabend.Job{Tenant: a.Tenant.ID.String(), Ref: c.ID}
		must(t, s.Ask(ctx, job)) // nothing to say yet
		tell("1", strings.ToLower(p.Text), "")
		must(t, s.Ask(ctx, job))
		question := w.chat[0]
		if !strings.Contains(question.Text, linking.MaskMail(a.User.Email)) {
			t.Errorf("the question names nobody: %s", question.Text)
		}
		tell("2", "", question.Buttons[1].ID)
		must(t, s.Ask(ctx, job))
		mail := feierabend.Job{K: feierabend.JobLinkMail, Tenant: job.Tenant, Ref: job.Ref}
		must(t, st.AddUser(ctx, feierabend.User{ID: "second", Email: "zwei@firma.example", Name: "Zwei"}))
		must(t, st.AddMembership(ctx, feierabend.Membership{User: "second", Tenant: a.Tenant.ID, Role: feierabend.RoleOwner}))
		must(t, s.Mail(ctx, mail)) // one job for each owner, and no mail yet: what one mailbox refuses concerns nobody else
		for _, of := range []feierabend.UserID{a.User.ID, "second"} {
			if got := storetest.Query(t, st, `SELECT id FROM river_job WHERE kind = 'link_mail' AND CAST(args AS TEXT) LIKE $1`, "%"+job.Ref+":"+string(of)+"%"); len(got) != 1 || len(w.mails) != 0 {
				t.Errorf("%d jobs for %s, %d mails", len(got), of, len(w.mails))
			}
		}
		mail.Ref += ":" + string(a.User.ID)
		must(t, s.Mail(ctx, mail))
		if len(w.chat) != 2 || len(w.mails) != 1 || !strings.Contains(w.mails[0].Text, "mit Nein geantwortet") || strings.Contains(w.mails[0].Text, "%!") || strings.Contains(w.mails[0].Text, phone) {
			t.Errorf("%d messages, mails %+v", len(w.chat), w.mails)
		}

		clock.Advance(time.Second)
		c, err = s.Begin(ctx, by, a.Tenant.ID, wish)
		must(t, err)
		p, err = s.Latest(ctx, a.Tenant.ID, "token", wish.Session)
		must(t, err)
		job.Ref = c.ID
		tell("3", "Mein Code: "+strings.ReplaceAll(p.Code, "-", " "), "")
		clock.Advance(feierabend.LinkTerm + time.Second)
		must(t, s.Ask(ctx, job))
		if len(w.chat) != 2 {
			t.Error("a question that nobody can answer any more")
		}

		in := feierabend.Inbound{Channel: "whatsapp", Kind: feierabend.InboundChange, From: a.Sender.Phone, Text: string(feierabend.SuspendedNumber)}
		_, err = st.Receive(ctx, []feierabend.Inbound{in})
		must(t, err)
		must(t, s.Paused(ctx, feierabend.Job{K: feierabend.JobLinkPause, Tenant: a.Tenant.ID.String(), Ref: string(a.Sender.ID) + ":" + string(a.User.ID)}))
		if len(w.mails) != 2 || !strings.Contains(w.mails[1].Text, "Bei WhatsApp wurde die Nummer gewechselt.") || !strings.Contains(w.mails[1].Text, a.User.Name) {
			t.Errorf("mails %+v", w.mails)
		}
	})
}

// TestTellingWithoutNumber (whatsapp.md §9.2): a sender without a visible number is asked for
// it once, with the firm and the owner named; the usual question follows, or that it was
// another number; what was shared stands in no message.
func TestTellingWithoutNumber(t *testing.T) {
	st, _ := storetest.New(t)
	ctx := context.Background()
	a, _ := storetest.Seed(t, st)
	s, w := step(t, st)
	by := feierabend.Actor{User: a.User.ID, Role: feierabend.RoleOwner, Via: feierabend.ViaSession}
	begin := func() (job feierabend.Job, code string) {
		c, err := s.Begin(ctx, by, a.Tenant.ID, feierabend.LinkWish{Phone: phone, Cookie: "token", Session: []byte(feierabend.NewID())})
		must(t, err)
		p, err := s.Latest(ctx, a.Tenant.ID, "token", c.Session)
		must(t, err)
		return feierabend.Job{Tenant: a.Tenant.ID.String(), Ref: c.ID}, p.Code
	}
	hear := func(text, contact string) {
		t.Helper()
		in := feierabend.Inbound{Channel: "whatsapp", ExternalID: "wamid." + feierabend.NewID(), BSUID: "DE.7", Kind: feierabend.InboundText, Text: text, Contact: contact}
		if contact != "" {
			in.Kind = feierabend.InboundUnsupported
		}
		if out, err := st.Receive(ctx, []feierabend.Inbound{in}); err != nil || out[0].Code != feierabend.LinkHeard {
			t.Fatalf("%+v, %v", out, err)
		}
	}
	job, code := begin()
	hear(code, "")
	must(t, s.Ask(ctx, job))
	ask := w.chat[0]
	if !ask.AskContact || ask.To != "" || ask.ToBSUID != "DE.7" || len(ask.Buttons) != 0 || ask.Check() != nil {
		t.Errorf("the request: %+v, %v", ask, ask.Check())
	}
	for _, want := range []string{a.Tenant.Name, linking.MaskMail(a.User.Email), "*Ja*", "*Nein*"} {
		if !strings.Contains(ask.Text, want) {
			t.Errorf("the request has no %q: %s", want, ask.Text)
		}
	}
	hear("", phone)
	must(t, s.Ask(ctx, job))
	if q := w.chat[1]; q.AskContact || q.To != phone || len(q.Buttons) != 2 || strings.Contains(q.Text, phone[3:]) {
		t.Errorf("the question: %+v", q)
	}
	job, code = begin()
	hear(code, "")
	hear("", "+4917139203999")
	must(t, s.Ask(ctx, job))
	if m := w.chat[2]; m.To != "" || m.ToBSUID != "DE.7" || !strings.Contains(m.Text, "andere Nummer") || strings.Contains(m.Text, "39203999") {
		t.Errorf("another number: %+v", m)
	}
}

// TestLastWords: whoever takes everything back is told so, and whether more is left.
func TestLastWords(t *testing.T) {
	st, _ := storetest.New(t)
	s, w := step(t, st)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	s.Start(ctx)
	for _, tc := range []struct {
		code feierabend.OutcomeCode
		want string
	}{{feierabend.CustomerGone, "Ihre Nummer habe ich gelöscht"}, {feierabend.CustomerPartGone, "Über einen anderen Link liegt noch etwas"}} {
		s.Heard(feierabend.Inbound{From: phone}, feierabend.Outcome{Code: tc.code})
		<-w.told
		w.mu.Lock()
		if last := w.chat[len(w.chat)-1]; last.To != phone || !strings.Contains(last.Text, tc.want) {
			t.Errorf("%s: %+v", tc.code, last)
		}
		w.mu.Unlock()
	}
}

func TestMaskMail(t *testing.T) {
	for in, want := range map[string]string{
		"hauke@deichgruen.example": "h•••@d•••.example", "ö@ü.de": "ö•••@ü•••.de", "x@localhost": "x•••@l•••", "@": "•••", "": "•••",
	} {
		if got := linking.MaskMail(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// TestWhoMayLink: everybody their own number, the owner anybody's of the firm; the same
// for ending it. The step asks again, whatever the page has asked.
func TestWhoMayLink(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		s, _ := step(t, st)
		staff := feierabend.User{ID: feierabend.UserID(feierabend.NewID()), Email: "malte@deichgruen.example", Name: "Malte"}
		must(t, st.AddUser(ctx, staff))
		must(t, st.AddMembership(ctx, feierabend.Membership{User: staff.ID, Tenant: a.Tenant.ID, Role: feierabend.RoleStaff}))
		as := func(u feierabend.UserID, r feierabend.Role) feierabend.Actor {
			return feierabend.Actor{User: u, Role: r, Via: feierabend.ViaSession}
		}
		for _, tc := range []struct {
			name string
			by   feierabend.Actor
			of   feierabend.UserID
			ok   bool
		}{
			{"staff, own", as(staff.ID, feierabend.RoleStaff), staff.ID, true},
			{"staff, the owner's", as(staff.ID, feierabend.RoleStaff), a.User.ID, false},
			{"office, the owner's", as(staff.ID, feierabend.RoleOffice), a.User.ID, false},
			{"owner, staff's", as(a.User.ID, feierabend.RoleOwner), staff.ID, true},
			{"owner, another firm's person", as(a.User.ID, feierabend.RoleOwner), b.User.ID, false},
		} {
			_, err := s.Begin(ctx, tc.by, a.Tenant.ID, feierabend.LinkWish{User: tc.of, Phone: phone, Cookie: "t", Session: []byte("h")})
			if (err == nil) != tc.ok || !tc.ok && feierabend.FieldsOf(err) == nil {
				t.Errorf("%s: %v", tc.name, err)
			}
		}
		if err := s.Unlink(ctx, as(staff.ID, feierabend.RoleOffice), a.Tenant.ID, a.Sender.ID); feierabend.KindOf(err) != feierabend.Unauthorized {
			t.Errorf("office ends the owner's number: %v", err)
		}
		if err := s.Unlink(ctx, as(b.User.ID, feierabend.RoleOwner), b.Tenant.ID, a.Sender.ID); feierabend.KindOf(err) != feierabend.NotFound {
			t.Errorf("the other firm ends it: %v", err)
		}
		must(t, s.Unlink(ctx, as(a.User.ID, feierabend.RoleOwner), a.Tenant.ID, a.Sender.ID))
	})
}
