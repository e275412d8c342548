package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"time"
)

// weekHook is a webhook on its way: Meta repeats it until it is answered with 200.
type weekHook struct {
	due   time.Duration
	body  []byte
	what  string
	acked func() // with the first 200
	done  bool
}

func itoa(n int) string { return strconv.Itoa(n) }

// hook sends a webhook after a while: in a bad hour late, and in any order.
func (w *week) hook(after time.Duration, what string, value map[string]any, acked func()) {
	value["messaging_product"] = "whatsapp"
	value["metadata"] = map[string]any{"display_phone_number": demoNumber[1:], "phone_number_id": weekNumberID}
	body, err := json.Marshal(map[string]any{"object": "whatsapp_business_account", "entry": []any{map[string]any{"id": "1", "changes": []any{map[string]any{"field": "messages", "value": value}}}}})
	if err != nil {
		w.t.Fatal(err)
	}
	if w.fault.hooks && w.quarter() {
		after += time.Duration(w.random.IntN(120)) * time.Minute
		w.counts["late hooks"]++
	}
	w.hooks = append(w.hooks, &weekHook{due: w.up + after, body: body, what: what, acked: acked})
}

func (w *week) nextHook() (first *weekHook) {
	for _, h := range w.hooks {
		if first == nil || h.due < first.due {
			first = h
		}
	}
	return first
}

// deliver makes one try.
func (w *week) deliver(h *weekHook) {
	mac := hmac.New(sha256.New, []byte(weekSecret))
	mac.Write(h.body)
	r := httptest.NewRequest(http.MethodPost, weekURL+"/webhooks/whatsapp", strings.NewReader(string(h.body)))
	r.Header.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	rec := httptest.NewRecorder()
	w.arm()
	w.svc.pages.ServeHTTP(rec, r)
	dead := w.disarm()
	code := rec.Code
	if dead { // whatever it was about to answer
		code = 0
	}
	w.note("hook %s %d", h.what, code)
	if code == http.StatusOK {
		if !h.done {
			h.done = true
			h.acked()
		}
		h.due = w.up + time.Duration(1+w.random.IntN(300))*time.Minute
		again := w.random.IntN(10) == 0 || w.fault.hooks && w.quarter()
		if again {
			w.counts["doubled hooks"]++
		} else {
			w.drop(h)
		}
	} else {
		w.counts["refused hooks"]++
		h.due = w.up + time.Duration(1+w.random.IntN(15))*time.Minute
	}
	if dead {
		w.crash()
	}
}

func (w *week) drop(h *weekHook) {
	for i, o := range w.hooks {
		if o == h {
			w.hooks = append(w.hooks[:i], w.hooks[i+1:]...)
			return
		}
	}
}

// say is a message of a person; fields are those of its kind.
func (w *week) say(phone string, fields map[string]any) (wamid string) {
	wamid = "wamid." + w.chat.next("in")
	m := map[string]any{"from": phone[1:], "id": wamid, "timestamp": strconv.FormatInt(w.now().Unix(), 10)}
	for k, v := range fields {
		m[k] = v
	}
	w.chat.lastIn[phone] = w.now()
	kind, _ := fields["type"].(string)
	w.model.said(phone, wamid, kind)
	w.hook(time.Duration(w.random.IntN(20))*time.Second, kind+" "+wamid, map[string]any{"messages": []any{m}}, func() { w.model.acked(phone, wamid) })
	return wamid
}

// sent puts a message of ours on a phone and lets its statuses come: in any order,
// some late.
func (w *week) sent(to string, b weekBubble) {
	if w.chat.told[b.callback] {
		w.broken("outbox row %s was sent again after its status had come", b.callback)
	}
	at := w.svc.store.Now() // the service's own measure of 90 seconds
	if before, again := w.chat.tried[b.callback]; again && at.Sub(before) < 89*time.Second {
		w.broken("outbox row %s was sent again after %s, while its status could still come", b.callback, at.Sub(before))
	}
	w.chat.tried[b.callback] = at
	w.counts["sent"]++
	w.note("sent %s to %s: %x", b.callback, to[len(to)-2:], sha256.Sum256([]byte(b.text+strings.Join(b.buttons, " ")+b.document)))
	states := []string{"sent", "delivered", "read"}
	code := 0
	if w.now().Sub(w.chat.lastIn[to]) > 24*time.Hour {
		states, code = []string{"failed"}, 131047
	} else {
		w.chat.phones[to] = append(w.chat.phones[to], b)
		w.model.shown(to, b)
	}
	for _, s := range states {
		st := map[string]any{"id": b.wamid, "status": s, "timestamp": strconv.FormatInt(w.now().Unix(), 10), "recipient_id": to[1:], "biz_opaque_callback_data": b.callback}
		if code != 0 {
			st["errors"] = []any{map[string]any{"code": code}}
		}
		w.hook(time.Duration(w.random.IntN(100))*time.Second, s+" "+b.callback, map[string]any{"statuses": []any{st}}, func() { w.chat.told[b.callback] = true })
	}
}
