package digest_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
	_ "time/tzdata" // Europe/Berlin wherever this runs

	"feierabend"
	"feierabend/internal/digest"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

var update = flag.Bool("update", false, "write the golden mail")

const mailLimit = "mail sign-in" // the hour's budget of mails to sign in, as signin counts it

// post is a mail server that can be away, or hold mails up.
type post struct {
	mu   sync.Mutex
	sent []feierabend.Mail
	fail error
	hold chan struct{} // nil = at once
	came chan struct{}
}

func (p *post) Send(ctx context.Context, _ feierabend.TenantID, m feierabend.Mail) error {
	if p.hold != nil {
		p.came <- struct{}{}
		select {
		case <-p.hold:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fail == nil {
		p.sent = append(p.sent, m)
	}
	return p.fail
}

type world struct {
	t       *testing.T
	st      *store.Store
	clock   *storetest.Clock
	a, b    storetest.Firm
	post    *post
	planner digest.Planner
	step    *digest.Step
	n       int
}

func newWorld(t *testing.T, st *store.Store, clock *storetest.Clock) *world {
	t.Helper()
	w := &world{t: t, st: st, clock: clock, post: &post{}}
	w.a, w.b = storetest.Seed(t, st)
	berlin, err := time.LoadLocation("Europe/Berlin")
	w.must(err)
	w.planner = digest.Planner{Store: st, Zone: berlin, Now: st.Now}
	w.step, err = digest.New(digest.Options{Store: st, Mailer: w.post, PublicURL: "https://app.example", Now: st.Now})
	w.must(err)
	w.confirm(w.a.User.ID)
	w.confirm(w.b.User.ID)
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// confirm lets a person sign in by mail.
func (w *world) confirm(u feierabend.UserID) {
	w.t.Helper()
	x := []byte(feierabend.NewID())
	w.must(w.st.AddSignInLink(context.Background(), feierabend.SignInLink{User: u, TokenHash: x, CodeHash: x, BindHash: x, ExpiresAt: w.st.Now().Add(time.Minute)}))
	_, err := w.st.ConsumeSignInToken(context.Background(), x, x, w.st.Now())
	w.must(err)
}

// member adds a person of a firm, with a linked number.
func (w *world) member(f storetest.Firm, name string, role feierabend.Role, phone string) storetest.Firm {
	w.t.Helper()
	u := feierabend.User{ID: feierabend.UserID(feierabend.NewID()), Email: name + "@firma.example", Name: "Malte Geheim"}
	w.must(w.st.AddUser(context.Background(), u))
	w.must(w.st.AddMembership(context.Background(), feierabend.Membership{User: u.ID, Tenant: f.Tenant.ID, Role: role}))
	w.confirm(u.ID)
	f.User, f.Sender = u, feierabend.SenderLink{ID: feierabend.SenderID(feierabend.NewID()), User: u.ID, Phone: phone}
	w.must(w.st.AddSenderLink(context.Background(), f.Tenant.ID, f.Sender))
	return f
}

// draft is a case that the person of f spoke, with so many questions.
func (w *world) draft(f storetest.Firm, questions int) feierabend.CaseID {
	w.t.Helper()
	ctx := context.Background()
	w.n++
	in := f.Inbound(fmt.Sprintf("wamid.%d", w.n), "Rechnung für Frau Petersen")
	in.At = w.clock.Now()
	out, err := w.st.Receive(ctx, []feierabend.Inbound{in})
	w.must(err)
	m, err := w.st.Message(ctx, f.Tenant.ID, out[0].Message)
	w.must(err)
	d := feierabend.NewDraft{
		Case: m.Case, Message: m.ID, State: feierabend.CaseReady, Reason: feierabend.ReasonDrafted, Engine: "local",
		Draft: feierabend.Draft{Kind: feierabend.KindInvoice}, Summary: feierabend.CaseSummary{Kind: feierabend.KindInvoice, Title: "Petersen", Questions: questions},
	}
	if questions > 0 {
		d.State = feierabend.CaseOpen
	}
	_, err = w.st.AddDraft(ctx, f.Tenant.ID, d)
	w.must(err)
	return m.Case
}

// planned gives the jobs that send, of both firms.
func (w *world) planned() (out []feierabend.Job) {
	w.t.Helper()
	for _, r := range storetest.Query(w.t, w.st, `SELECT args->>'t', args->>'r' FROM river_job WHERE kind = 'digest' ORDER BY id`) {
		out = append(out, feierabend.Job{K: feierabend.JobDigest, Tenant: r[0], Ref: r[1]})
	}
	return out
}

// evening plans and sends all that is planned.
func (w *world) evening() {
	w.t.Helper()
	w.must(w.planner.Evening(context.Background(), feierabend.Job{}))
	for _, j := range w.planned() {
		w.must(w.step.Send(context.Background(), j))
	}
}

// TestEvening: at half past five whoever has something waiting gets one mail with counts
// and no word of a case; the owner's counts are the firm's, the staff's their own.
func TestEvening(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		w := newWorld(t, st, clock)
		malte := w.member(w.a, "malte", feierabend.RoleStaff, "+4917139200177")
		w.member(w.a, "inga", feierabend.RoleStaff, "+4917139200188") // nothing of hers waits
		w.draft(w.a, 2)
		w.draft(w.a, 0)
		w.draft(malte, 0)
		clock.Advance(8*time.Hour + 29*time.Minute) // 17:29 here
		w.evening()
		if len(w.post.sent) != 0 {
			t.Fatalf("too early: %q", w.post.sent)
		}
		clock.Advance(time.Minute)
		w.evening()
		w.evening() // doubled, or a start at 17:31
		got := map[string]string{}
		for _, m := range w.post.sent {
			got[m.To] += m.Subject
			for _, never := range []string{"Petersen", "Geheim", "Deichgrün", "Hauke"} {
				if strings.Contains(m.Subject+m.Text+m.HTML, never) {
					t.Errorf("the mail says %s", never)
				}
			}
			for _, id := range []string{w.a.Tenant.ID.String(), string(w.a.User.ID), string(malte.User.ID)} {
				if strings.Contains(m.Off, id) {
					t.Error("the link names somebody")
				}
			}
		}
		if len(got) != 2 || got[w.a.User.Email] != "3 Entwürfe, 2 Fragen" || got["malte@firma.example"] != "1 Entwurf" {
			t.Errorf("mails %q", got)
		}
		w.draft(w.b, 1)
		w.evening() // came later on the same evening
		if len(w.post.sent) != 2 {
			t.Errorf("%d mails, want 2: what comes after the evening waits for the next", len(w.post.sent))
		}
		if ok, err := st.Allow(context.Background(), mailLimit, 1, time.Hour, clock.Now()); !ok || err != nil {
			t.Errorf("the mails used up those to sign in: %v, %v", ok, err)
		}
		clock.Advance(24 * time.Hour)
		w.evening()
		if len(w.post.sent) != 5 {
			t.Errorf("%d mails after the next day, want 5", len(w.post.sent))
		}
	})
}

// TestSendingFails: a mail that could not be sent is tried until eight, one that is
// refused for good is not; what is answered meanwhile is not told.
func TestSendingFails(t *testing.T) {
	st, clock := storetest.New(t)
	w := newWorld(t, st, clock)
	w.draft(w.a, 0)
	gone := w.draft(w.b, 0)
	clock.Advance(10 * time.Hour) // the service was down till seven
	w.must(w.planner.Evening(context.Background(), feierabend.Job{}))
	jobs := w.planned()
	if len(jobs) != 2 {
		t.Fatalf("%d planned", len(jobs))
	}
	if jobs[0].Tenant != w.a.Tenant.ID.String() {
		jobs[0], jobs[1] = jobs[1], jobs[0]
	}
	_, err := st.Erase(context.Background(), w.b.Tenant.ID, gone, feierabend.EraseDiscarded, w.b.Owner)
	w.must(err)
	w.must(w.step.Send(context.Background(), jobs[1]))
	if len(w.post.sent) != 0 {
		t.Error("nothing waits any more, and a mail goes out")
	}
	w.post.fail = errors.New("mail server away")
	for range 2 {
		if err := w.step.Send(context.Background(), jobs[0]); !errors.Is(err, w.post.fail) {
			t.Errorf("away: %v", err)
		}
	}
	clock.Advance(time.Hour) // eight
	w.post.fail = nil
	w.must(w.step.Send(context.Background(), jobs[0]))
	if len(w.post.sent) != 0 {
		t.Error("a mail after eight")
	}

	clock.Advance(22 * time.Hour)
	w.must(w.planner.Evening(context.Background(), feierabend.Job{}))
	next := w.planned()
	next = next[len(next)-1:]
	w.post.fail = feierabend.Permanent(errors.New("no such mailbox"))
	if err := w.step.Send(context.Background(), next[0]); !feierabend.IsPermanent(err) {
		t.Errorf("refused: %v", err)
	}
	w.post.fail = nil
	w.must(w.step.Send(context.Background(), next[0]))
	if len(w.post.sent) != 0 {
		t.Error("a refused mail is sent again")
	}
}

// TestNotInTheWay: of a slow mail server's places two are held, and of a hundred firms no
// more are planned in a minute than that.
func TestNotInTheWay(t *testing.T) {
	st, clock := storetest.New(t)
	w := newWorld(t, st, clock)
	w.post.hold, w.post.came = make(chan struct{}), make(chan struct{}, 3)
	w.draft(w.a, 0)
	w.draft(w.b, 0)
	for i := range 5 {
		w.draft(w.member(w.a, fmt.Sprintf("m%d", i), feierabend.RoleOffice, fmt.Sprintf("+49171392003%02d", i)), 0)
	}
	n, err := w.planner.AtOnce(context.Background())
	w.must(err)
	jobs := w.planned()
	if n != 7 || len(jobs) != 7 {
		t.Fatalf("%d planned, %d jobs, want 7", n, len(jobs))
	}
	var wg sync.WaitGroup
	for _, j := range jobs[:2] {
		wg.Go(func() {
			if err := w.step.Send(context.Background(), j); err != nil {
				t.Error(err)
			}
		})
		<-w.post.came
	}
	var snooze *feierabend.SnoozeError
	short, cancel := context.WithTimeout(context.Background(), 5*time.Second) // not to hang where it is let through
	defer cancel()
	if err := w.step.Send(short, jobs[2]); !errors.As(err, &snooze) {
		t.Errorf("a third at once: %v", err)
	}
	close(w.post.hold)
	wg.Wait()
	if n, err := w.planner.AtOnce(context.Background()); n != 0 || err != nil {
		t.Errorf("by hand a second time: %d, %v", n, err)
	}
}

// TestMail is the mail as it is read, and each form of its words.
func TestMail(t *testing.T) {
	var all strings.Builder
	for _, n := range []feierabend.Waiting{
		{Drafts: 3, Questions: 2}, {Drafts: 1, Questions: 1, Ending: 1}, {Drafts: 1}, {Documents: 1}, {Documents: 2, Ending: 1}, {Messages: 1}, {Drafts: 2, Questions: 1, Documents: 1, Messages: 2, Ending: 5},
	} {
		m := digest.Compose("https://app.example", feierabend.Digest{ID: "id", To: "hauke@deichgruen.example", Token: "TOKEN"}, n).Mail()
		fmt.Fprintf(&all, "%s\n\n%s----\n", m.Subject, m.Text)
	}
	m := digest.Compose("https://app.example", feierabend.Digest{ID: "id", To: "hauke@deichgruen.example", Firm: "Küchen.de GmbH", Token: "TOKEN"}, feierabend.Waiting{Drafts: 3, Questions: 2}).Mail()
	fmt.Fprintf(&all, "%s\n\n%s----\n%s", m.Subject, m.Text, m.HTML)
	if m.Off != "https://app.example/mails/abbestellen?t=TOKEN" || m.Ref != "id" {
		t.Errorf("%+v", m)
	}
	const golden = "testdata/mails.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(all.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || string(want) != all.String() {
		t.Errorf("%v; got\n%s", err, all.String())
	}
}

// TestUnlinkedSpeakerIsStillMailed: what somebody spoke with a number that was unlinked
// since is still theirs, on the page and in the mail (J-15), and nobody else's.
func TestUnlinkedSpeakerIsStillMailed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		w := newWorld(t, st, clock)
		malte := w.member(w.a, "malte", feierabend.RoleStaff, "+4917139200177")
		w.member(w.b, "inga", feierabend.RoleStaff, "+4917139200188")
		w.draft(malte, 0)
		w.must(st.UnlinkSender(context.Background(), w.a.Tenant.ID, malte.Sender.ID, w.a.Owner))
		clock.Advance(8*time.Hour + 30*time.Minute) // 17:30 here
		w.evening()
		got := map[string]string{}
		for _, m := range w.post.sent {
			got[m.To] += m.Subject
		}
		if len(got) != 2 || got["malte@firma.example"] != "1 Entwurf" || got[w.a.User.Email] != "1 Entwurf" {
			t.Errorf("mails %q", got)
		}
	})
}
