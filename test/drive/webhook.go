package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// settings are the simulator's made-up credentials.
type settings struct {
	PhoneNumberID string `json:"phone_number_id"`
	AppSecret     string `json:"app_secret"`
}

// sameWebhook delivers one signed webhook n times at once.
func sameWebhook(bin string, n int) error {
	w, err := newWorld(bin)
	if err != nil {
		return err
	}
	defer w.close()
	var s settings
	if err := w.get("/sim/v1/settings", &s); err != nil {
		return err
	}
	body := textWebhook(s, hauke, "wamid.HBgNNDkxNzEzOTIwMDE1NRUCABIYFDNBN0YxMEMyRDk1RTRCODgwMUFCAA==",
		"Rechnung f\u00fcr Frau Petersen, Lindenweg 12, 25524 Itzehoe. Heute Siphon gewechselt, eineinhalb Stunden, Anfahrt.")
	codes := make([]int, n)
	var wg sync.WaitGroup
	begin := time.Now()
	for i := range n {
		wg.Go(func() { codes[i], _ = w.deliver(body, sign(s.AppSecret, body)) })
	}
	wg.Wait()
	took := time.Since(begin)
	for i, c := range codes {
		if c != http.StatusOK {
			return fmt.Errorf("delivery %d answered %d\n%s", i+1, c, w.service.said())
		}
	}
	if err := until("one draft", 30*time.Second, func() (bool, error) {
		k, err := w.count("SELECT count(*) FROM draft")
		return k > 0, err
	}); err != nil {
		return err
	}
	if err := until("the reply", 30*time.Second, func() (bool, error) {
		k, err := w.count("SELECT count(*) FROM outbox WHERE state NOT IN ('waiting', 'sending')")
		return k > 0, err
	}); err != nil {
		return err
	}
	time.Sleep(time.Second) // room for a second draft that must not come
	for what, query := range map[string]string{
		"messages": "SELECT count(*) FROM message", "cases": "SELECT count(*) FROM cases", "keys": "SELECT count(*) FROM content_key",
		"drafts": "SELECT count(*) FROM draft", "outbox rows": "SELECT count(*) FROM outbox",
	} {
		k, err := w.count(query)
		if err != nil {
			return err
		}
		if k != 1 {
			return fmt.Errorf("%d %s, want 1", k, what)
		}
	}
	fmt.Printf("webhook: %d deliveries in %d ms, all 200: 1 message, 1 case, 1 draft, 1 reply\n", n, took.Milliseconds())
	return nil
}

// deliver posts a webhook to the service.
func (w *world) deliver(body []byte, signature string) (int, error) {
	req, err := http.NewRequest(http.MethodPost, w.pages+"/webhooks/whatsapp", bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	if signature != "" {
		req.Header.Set("X-Hub-Signature-256", signature)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	return res.StatusCode, nil
}

func sign(secret string, body []byte) string {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write(body)
	return "sha256=" + hex.EncodeToString(m.Sum(nil))
}

func textWebhook(s settings, phone, id, text string) []byte {
	return messageWebhook(s, phone, map[string]any{"id": id, "type": "text", "text": map[string]string{"body": text}})
}

// messageWebhook wraps one message of a linked phone as Meta does.
func messageWebhook(s settings, phone string, fields map[string]any) []byte {
	from := phone[1:]
	m := map[string]any{"from": from, "timestamp": strconv.FormatInt(time.Now().Unix(), 10)}
	for k, v := range fields {
		m[k] = v
	}
	b, err := json.Marshal(map[string]any{"object": "whatsapp_business_account", "entry": []any{map[string]any{"id": "104455667788990", "changes": []any{map[string]any{
		"field": "messages", "value": map[string]any{
			"messaging_product": "whatsapp", "metadata": map[string]string{"display_phone_number": "4930231250420", "phone_number_id": s.PhoneNumberID},
			"contacts": []any{map[string]any{"wa_id": from, "profile": map[string]string{"name": "Test"}}}, "messages": []any{m},
		},
	}}}}})
	if err != nil {
		panic(err)
	}
	return b
}
