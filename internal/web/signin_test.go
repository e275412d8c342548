package web_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/signin"
	"feierabend/internal/store"
)

// mailed works off the newest mail job and gives link token and code.
func (w *world) mailed() (token, code string) {
	w.t.Helper()
	n := len(w.mails.sent)
	w.workMails()
	if len(w.mails.sent) == n {
		return "", ""
	}
	m := w.mails.last(w.t)
	if found := regexp.MustCompile(`\?t=(\S{43})`).FindStringSubmatch(m.Text); found != nil { // a step-up has a code alone
		token = found[1]
	}
	return token, m.Text[:9]
}

// mailJobs catches the mail jobs on their way into the queue.
type mailJobs struct {
	*store.Store
	mu      sync.Mutex
	moves   []feierabend.Job // of changed addresses
	refs    []string
	invites []feierabend.Job
	jobs    []feierabend.Job // of registrations
}

func (j *mailJobs) AddAddressChange(ctx context.Context, c feierabend.AddressChange, next ...feierabend.Job) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.moves = append(j.moves, next...)
	return j.Store.AddAddressChange(ctx, c, next...)
}

func (j *mailJobs) ConfirmAddress(ctx context.Context, u feierabend.UserID, bind, code, keep []byte, now time.Time, next func(string) feierabend.Job) error {
	return j.Store.ConfirmAddress(ctx, u, bind, code, keep, now, func(id string) feierabend.Job {
		j.mu.Lock()
		defer j.mu.Unlock()
		j.moves = append(j.moves, next(id))
		return next(id)
	})
}

func (j *mailJobs) AddRegistration(ctx context.Context, r feierabend.Registration, next ...feierabend.Job) error {
	j.keep(next)
	return j.Store.AddRegistration(ctx, r, next...)
}

func (j *mailJobs) Enqueue(ctx context.Context, next ...feierabend.Job) error {
	j.keep(next)
	return j.Store.Enqueue(ctx, next...)
}

func (j *mailJobs) keep(next []feierabend.Job) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.jobs = append(j.jobs, next...)
}

func (j *mailJobs) AddInvitation(ctx context.Context, t feierabend.TenantID, n feierabend.Invitation, next ...feierabend.Job) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.invites = append(j.invites, next...)
	return j.Store.AddInvitation(ctx, t, n, next...)
}

func (j *mailJobs) AddSignInRequest(ctx context.Context, r feierabend.SignInRequest, next ...feierabend.Job) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, n := range next {
		j.refs = append(j.refs, n.Ref)
	}
	return j.Store.AddSignInRequest(ctx, r, next...)
}

func (w *world) workMails() {
	w.t.Helper()
	for _, ref := range w.mailJobs.refs {
		must(w.t, w.signin.Mail(context.Background(), feierabend.Job{K: feierabend.JobMail, Ref: ref}))
	}
	w.mailJobs.refs = nil
	for _, j := range w.mailJobs.moves {
		must(w.t, w.signin.AddressMail(context.Background(), j))
	}
	w.mailJobs.moves = nil
	for _, j := range w.mailJobs.jobs {
		must(w.t, w.firms.Mail(context.Background(), j))
	}
	w.mailJobs.jobs = nil
	for _, j := range w.mailJobs.invites {
		must(w.t, w.team.Mail(context.Background(), j))
	}
	w.mailJobs.invites = nil
}

func (b *browser) askMail(email string) {
	b.w.t.Helper()
	if to := b.post("/anmelden", url.Values{"email": {email}}); to != "/anmelden/code" {
		b.w.t.Fatalf("asking for a mail leads to %s", to)
	}
}

func TestSignInByLink(t *testing.T) {
	w := newWorld(t)
	me := w.browser()
	me.askMail(w.a.User.Email)
	token, _ := w.mailed()
	link := "/anmelden/link?t=" + token

	scanner := w.browser() // opens and even submits every link it sees
	for range 3 {
		for _, method := range []string{"GET", "HEAD", "OPTIONS"} {
			scanner.do(method, link, nil)
		}
		if res := scanner.do("POST", "/anmelden/link", url.Values{"t": {token}}); res.StatusCode != http.StatusUnprocessableEntity {
			t.Fatalf("a scanner's POST: %d", res.StatusCode)
		}
	}
	// From another site the GET comes without the Strict cookie; the page and its
	// button work all the same, since the POST is made from our page.
	if page := me.page(link); !strings.Contains(page, token) || strings.Contains(page, "onload") {
		t.Errorf("link page:\n%s", page)
	}
	if to := me.post("/anmelden/link", url.Values{"t": {token}}); to != "/" {
		t.Errorf("the link leads to %s", to)
	}
	if me.cookies["bind"] != "" || len(me.cookies["s"]) != 43 {
		t.Errorf("cookies %v", me.cookies)
	}
	me.page("/")
	if to := me.post("/abmelden", nil); to != "/anmelden" {
		t.Errorf("sign-out leads to %s", to)
	}
	if res := me.do("GET", "/", nil); res.Header.Get("Location") != "/anmelden" {
		t.Error("signed out, and still in")
	}
	if strings.Contains(w.logs.String(), token) {
		t.Error("the token stands in the log")
	}
}

func TestSignInByCodeLeadsBack(t *testing.T) {
	w := newWorld(t)
	me := w.browser()
	c := w.dictated(w.a, "wamid.back", dictation)
	to := me.do("GET", "/v/"+string(c), nil).Header.Get("Location")
	next := find(t, me.page(to), `name="weiter" value="([^"]+)"`)
	to = me.post("/anmelden", url.Values{"email": {w.a.User.Email}, "weiter": {next}})
	_, code := w.mailed()
	form := url.Values{"code": {"AAAA-AAAA"}, "weiter": {next}}
	if res := me.do("POST", "/anmelden/code", form); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text(t, res), "Dieser Code passt nicht") {
		t.Errorf("wrong code: %d", res.StatusCode)
	}
	form.Set("code", strings.ToLower(code))
	if got := me.post("/anmelden/code", form); got != "/v/"+string(c) {
		t.Errorf("the code leads to %s (page was %s)", got, to)
	}
}

func TestFiftyBrowsersOneSession(t *testing.T) {
	w := newWorld(t)
	me := w.browser()
	me.askMail(w.a.User.Email)
	token, _ := w.mailed()
	var mu sync.Mutex
	var wg sync.WaitGroup
	sessions := 0
	for range 50 {
		b := w.browser()
		b.cookies["bind"] = me.cookies["bind"]
		wg.Go(func() {
			res := b.do("POST", "/anmelden/link", url.Values{"t": {token}})
			mu.Lock()
			defer mu.Unlock()
			if b.cookies["s"] != "" {
				sessions++
			} else if res.StatusCode != http.StatusUnprocessableEntity {
				t.Errorf("status %d", res.StatusCode)
			}
		})
	}
	wg.Wait()
	if sessions != 1 {
		t.Errorf("%d sessions", sessions)
	}
	t.Logf("FIGURE parallel: 50 submits of one link, %d session", sessions)
}

// TestKnownAndUnknownLookAlike: 200 pairs of known and unknown addresses at the
// sign-in page and at the registration: same status, bytes and headers, and medians
// that differ by less than 5 ms (AUTH-06).
func TestKnownAndUnknownLookAlike(t *testing.T) {
	w := newWorld(t)
	type seen struct {
		status         int
		body, location string
		headers        int
	}
	for name, ask := range map[string]func(b *browser, email string) *http.Response{
		"sign-in": func(b *browser, email string) *http.Response {
			return b.do("POST", "/anmelden", url.Values{"email": {email}})
		},
		"registration": func(b *browser, email string) *http.Response { return b.do("POST", "/registrieren", firmForm(email)) },
	} {
		answer := func(email string) (seen, time.Duration) {
			b := w.browser()
			begin := time.Now()
			res := ask(b, email)
			took := time.Since(begin)
			return seen{res.StatusCode, text(t, res), res.Header.Get("Location"), len(res.Header)}, took
		}
		times := map[bool][]time.Duration{}
		for i := range 200 {
			w.clock.Advance(6 * time.Minute) // below the limits
			first := i%2 == 0                // whoever comes second finds a warm cache
			got := map[bool]seen{}
			for _, known := range []bool{first, !first} {
				email := "niemand@example.de"
				if known {
					email = w.a.User.Email
				}
				var took time.Duration
				got[known], took = answer(email)
				times[known] = append(times[known], took)
			}
			if got[true] != got[false] || got[true].status != http.StatusSeeOther {
				t.Fatalf("%s: known %+v, unknown %+v", name, got[true], got[false])
			}
		}
		for _, d := range times {
			slices.Sort(d)
		}
		apart := (times[true][100] - times[false][100]).Abs()
		t.Logf("FIGURE %s: 200 pairs equal, medians %d and %d µs, %d µs apart", name, times[true][100].Microseconds(), times[false][100].Microseconds(), apart.Microseconds())
		if apart >= 5*time.Millisecond {
			t.Errorf("%s: medians differ by %s", name, apart)
		}
	}
	if res := w.browser().do("POST", "/anmelden", url.Values{"email": {"hauke@"}}); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text(t, res), `aria-invalid="true"`) {
		t.Errorf("malformed address: %d", res.StatusCode)
	}
}

// TestScannersAreHarmless: whatever opens, prefetches or even submits the link and
// the code from elsewhere neither gets in nor uses them up (AUTH-03, AUTH-04); used
// and expired ones are dead, and after five wrong codes so is the right one (AUTH-05).
func TestScannersAreHarmless(t *testing.T) {
	w := newWorld(t)
	me := w.browser()
	me.askMail(w.a.User.Email)
	token, code := w.mailed()
	link := "/anmelden/link?t=" + token
	acts := 0
	for _, set := range [][3]string{
		{"GET", link},
		{"HEAD", link},
		{"OPTIONS", link},
		{"GET", link, "Purpose prefetch"},
		{"GET", link, "Sec-Purpose prefetch"},
		{"GET", link, "Sec-Fetch-Site cross-site"},
		{"PUT", "/anmelden/link"},
		{"POST", "/anmelden/link"},
		{"POST", "/anmelden/link", "User-Agent Barracuda"},
		{"POST", "/anmelden/link", "Cookie bind=" + strings.Repeat("A", 43)},
		{"POST", "/anmelden/link", "Origin https://scanner.example"},
		{"POST", "/anmelden/code"},
		{"POST", "/anmelden/code", "Sec-Fetch-Site cross-site"},
	} {
		scanner := w.browser()
		var form url.Values
		if set[0] == "POST" || set[0] == "PUT" {
			form = url.Values{"t": {token}, "code": {code}}
		}
		var header []string
		if k, v, ok := strings.Cut(set[2], " "); ok {
			header = []string{k, v}
		}
		res := scanner.do(set[0], set[1], form, header...)
		if scanner.cookies["s"] != "" || res.StatusCode == http.StatusSeeOther {
			t.Errorf("%v got in: %d", set, res.StatusCode)
		}
		acts++
	}
	if to := me.post("/anmelden/link", url.Values{"t": {token}}); to != "/" {
		t.Errorf("after the scanners the link leads to %s", to)
	}
	again := w.browser()
	again.cookies["bind"] = "x"
	for _, target := range []string{"/anmelden/link", "/anmelden/code"} {
		if res := again.do("POST", target, url.Values{"t": {token}, "code": {code}}); res.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("replayed at %s: %d", target, res.StatusCode)
		}
	}
	late := w.browser()
	late.askMail(w.a.User.Email)
	token, code = w.mailed()
	w.clock.Advance(signin.LinkTerm)
	for _, target := range []string{"/anmelden/link", "/anmelden/code"} {
		if res := late.do("POST", target, url.Values{"t": {token}, "code": {code}}); res.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("expired at %s: %d", target, res.StatusCode)
		}
	}
	guess := w.browser()
	guess.askMail(w.a.User.Email)
	_, code = w.mailed()
	for range 5 {
		guess.do("POST", "/anmelden/code", url.Values{"code": {"AAAA-AAAA"}})
	}
	if res := guess.do("POST", "/anmelden/code", url.Values{"code": {code}}); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("the right code after five wrong ones: %d", res.StatusCode)
	}
	t.Logf("FIGURE scanners: %d kinds of opening and submitting, 0 got in, the link still worked", acts)
}

func TestTwoFirmsChoose(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	must(t, w.store.AddMembership(ctx, feierabend.Membership{User: w.a.User.ID, Tenant: w.b.Tenant.ID, Role: feierabend.RoleOffice}))
	me := w.browser()
	me.askMail(w.a.User.Email)
	_, code := w.mailed()
	if to := me.post("/anmelden/code", url.Values{"code": {code}}); to != "/firma" {
		t.Fatalf("leads to %s", to)
	}
	if to := me.do("GET", "/", nil).Header.Get("Location"); to != "/firma" {
		t.Errorf("start leads to %s", to)
	}
	if page := me.page("/firma"); !strings.Contains(page, w.a.Tenant.Name) || !strings.Contains(page, w.b.Tenant.Name) {
		t.Errorf("page:\n%s", page)
	}
	if res := me.do("POST", "/firma", url.Values{"firma": {feierabend.NewID()}}); res.StatusCode != http.StatusNotFound {
		t.Errorf("a firm that is not mine: %d", res.StatusCode)
	}
	before := me.cookies["s"]
	me.post("/firma", url.Values{"firma": {w.b.Tenant.ID.String()}})
	if me.cookies["s"] == before {
		t.Error("the session keeps its token")
	}
	if page := me.page("/"); !strings.Contains(page, w.b.Tenant.Name) {
		t.Error("not in the chosen firm")
	}
}

// TestFlood: ten mails an hour per network, and the eleventh looks the same (AUTH-07).
func TestFlood(t *testing.T) {
	w := newWorld(t)
	ask := func(addr string) {
		t.Helper()
		b := w.browser()
		b.addr = addr
		b.askMail(w.a.User.Email)
	}
	for range 12 {
		ask("[2001:db8:1:2::1]:4711")
		w.clock.Advance(5 * time.Minute) // three in a quarter of an hour are allowed per person
	}
	if n := len(w.mailJobs.refs); n != 10 {
		t.Errorf("%d mails in an hour from one network, want 10", n)
	}
	ask("[2001:db8:1:3::1]:4711")
	ask("192.0.2.7:4711")
	if n := len(w.mailJobs.refs); n != 12 {
		t.Errorf("%d mails, want 12: other networks are not limited", n)
	}
}
