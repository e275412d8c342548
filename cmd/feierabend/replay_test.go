package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestThousandReplays: the same four signed deliveries, two of them batches that
// overlap, come a thousand times in any order and side by side: each gets its 200,
// and each message makes one draft and one answer (HOOK-02, HOOK-03).
func TestThousandReplays(t *testing.T) {
	c := newCanary(t)
	f := c.firm("+4917139200155", "Wachtelbrand", "Zinnobersteig 12")
	message := func(id, text string) string {
		return fmt.Sprintf(`{"from":"4917139200155","id":"wamid.%s","timestamp":"%d","type":"text","text":{"body":"%s"}}`, id, time.Now().Unix(), text)
	}
	a, b, d := message("a", "Rechnung für Frau Albers, zwei Stunden."), message("b", "Rechnung für Herrn Brandt, drei Stunden."), message("d", "Rechnung für Familie Detlefs, vier Stunden.")
	var bodies []string
	for _, list := range []string{a, b, a + "," + b, b + "," + d + "," + d} {
		bodies = append(bodies, `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"metadata":{"display_phone_number":"4930231250420"},"messages":[`+list+`]}}]}]}`)
	}
	order := make([]int, 1000)
	for i := range order {
		order[i] = i % len(bodies)
	}
	rand.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}}
	defer client.CloseIdleConnections()
	next := make(chan int)
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			for i := range next {
				mac := hmac.New(sha256.New, []byte(c.cfg.WhatsAppSecret.Reveal()))
				mac.Write([]byte(bodies[i]))
				req, err := http.NewRequestWithContext(c.ctx, http.MethodPost, c.url+"/webhooks/whatsapp", strings.NewReader(bodies[i]))
				if err != nil {
					t.Error(err)
					continue
				}
				req.Header.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(mac.Sum(nil)))
				res, err := client.Do(req)
				if err != nil {
					t.Error(err)
					continue
				}
				io.Copy(io.Discard, res.Body)
				res.Body.Close()
				if res.StatusCode != http.StatusOK {
					t.Errorf("status %d", res.StatusCode)
				}
			}
		})
	}
	for _, i := range order {
		next <- i
	}
	close(next)
	wg.Wait()
	if !waitFor(30*time.Second, func() bool { return c.atRest(t) }) {
		t.Fatal("jobs never came to rest")
	}
	drafts := 0
	for _, k := range f.cases(t) {
		if k.Version == 1 {
			drafts++
		}
	}
	if n := c.query(t, `SELECT count(*) FROM message`)[0]; n != "3" || drafts != 3 {
		t.Errorf("%s messages, %d drafts, want 3 and 3", n, drafts)
	}
	if n := c.query(t, `SELECT count(*) FROM outbox WHERE kind = 'draft'`)[0]; n != "3" {
		t.Errorf("%s answers, want 3", n)
	}
}
