package web_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/storetest"
)

// received takes in n notes that nobody has drafted yet.
func (w *world) received(f storetest.Firm, n int) {
	w.t.Helper()
	var in []feierabend.Inbound
	for i := range n {
		m := f.Inbound(fmt.Sprintf("wamid.undrafted.%d", i), "Moin")
		m.At = w.clock.Now()
		in = append(in, m)
		w.clock.Advance(3 * time.Second) // a phone takes 45 messages at once
	}
	for i := range in {
		out, err := w.store.Receive(context.Background(), in[i:i+1])
		must(w.t, err)
		if out[0].Code != feierabend.Accepted {
			w.t.Fatalf("message %d: %v", i, out[0])
		}
	}
}

var caseLink = regexp.MustCompile(`href="/v/([a-z2-7]{26})"`)

// TestStartInPages turns the pages of a long list: every case of the firm stands on
// exactly one of them, what waits for the person before what runs by itself, and the
// counts are those of all pages.
func TestStartInPages(t *testing.T) {
	w := newWorld(t)
	mine := map[string]bool{}
	for i := range 60 {
		mine[string(w.dictated(w.a, fmt.Sprintf("wamid.%d", i), complete))] = true
		w.clock.Advance(time.Minute)
	}
	w.received(w.a, 60)
	foreign := w.dictated(w.b, "wamid.b", complete)
	me := w.signedIn(w.a)
	seen, waits, next := map[string]int{}, true, "/"
	for n := 1; next != ""; n++ {
		body := me.page(next)
		if n > 4 {
			t.Fatal("the list does not end")
		}
		if strings.Contains(body, string(foreign)) {
			t.Error("a case of the other firm is listed")
		}
		for _, m := range caseLink.FindAllStringSubmatch(body, -1) {
			seen[m[1]]++
			if mine[m[1]] && !waits {
				t.Error("what waits for the person stands below what runs by itself")
			}
			waits = mine[m[1]]
		}
		for _, want := range []string{"Noch 60 Sachen, dann Feierabend.", "120 Vorgänge", "von 120"} {
			if !strings.Contains(body, want) {
				t.Errorf("page %d does not say %q", n, want)
			}
		}
		next = ""
		if m := regexp.MustCompile(`href="(/\?seite=\d+)">Weitere`).FindStringSubmatch(body); m != nil {
			next = m[1]
		}
	}
	if len(seen) != 120 {
		t.Errorf("%d cases listed, want 120", len(seen))
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("case %s stands on %d pages", id, n)
		}
	}
	if body := w.signedIn(w.b).page("/"); strings.Contains(body, "Weitere") {
		t.Error("a short list has a next page")
	}
	for _, odd := range []string{"?seite=99", "?seite=-1", "?seite=x", "?seite=0", "?seite=99999999999999999999"} {
		if res := me.do("GET", "/"+odd, nil); res.StatusCode != http.StatusOK || !caseLink.MatchString(text(t, res)) {
			t.Errorf("%s: %d, or no case on it", odd, res.StatusCode)
		}
	}
}
