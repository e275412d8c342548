package simulator_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"feierabend"
	"feierabend/internal/simulator"
)

// TestGraphRefuses: what the real API would refuse.
func TestGraphRefuses(t *testing.T) {
	b := newBench(t, nil)
	b.sim.SendText(hauke, "x")
	b.inbound(1)
	post := func(path, token, body string) int {
		t.Helper()
		req := must(http.NewRequest(http.MethodPost, b.srv.URL+path, strings.NewReader(body)))
		req.Header.Set("Authorization", "Bearer "+token)
		resp := must(http.DefaultClient.Do(req))
		defer resp.Body.Close()
		return resp.StatusCode
	}
	const to = `{"messaging_product":"whatsapp","to":"+4917139200155",`
	const messages = "/v25.0/115577990033441/messages"
	long := strings.Repeat("ü", 4097)
	for name, tc := range map[string]struct {
		path, token, body string
		status            int
	}{
		"fine":              {messages, "token", to + `"type":"text","text":{"body":"x"}}`, 200},
		"without type":      {messages, "token", to + `"text":{"body":"x"}}`, 200},
		"wrong token":       {messages, "other", to + `"type":"text","text":{"body":"x"}}`, 401},
		"no token":          {messages, "", to + `"type":"text","text":{"body":"x"}}`, 401},
		"old version":       {"/v20.0/115577990033441/messages", "token", to + `"type":"text","text":{"body":"x"}}`, 400},
		"other number id":   {"/v25.0/1/messages", "token", to + `"type":"text","text":{"body":"x"}}`, 400},
		"no product":        {messages, "token", `{"to":"+4917139200155","type":"text","text":{"body":"x"}}`, 400},
		"nobody":            {messages, "token", `{"messaging_product":"whatsapp","type":"text","text":{"body":"x"}}`, 400},
		"unknown field":     {messages, "token", to + `"type":"text","text":{"body":"x"},"colour":"red"}`, 400},
		"type and object":   {messages, "token", to + `"type":"text","document":{"id":"1"}}`, 400},
		"empty text":        {messages, "token", to + `"type":"text","text":{"body":""}}`, 400},
		"long text":         {messages, "token", to + `"type":"text","text":{"body":"` + long + `"}}`, 400},
		"unknown type":      {messages, "token", to + `"type":"hologram"}`, 400},
		"unknown media":     {messages, "token", to + `"type":"document","document":{"id":"1","filename":"x.pdf"}}`, 400},
		"no buttons":        {messages, "token", to + `"type":"interactive","interactive":{"type":"button","body":{"text":"x"},"action":{"buttons":[]}}}`, 400},
		"long title":        {messages, "token", to + `"type":"interactive","interactive":{"type":"button","body":{"text":"x"},"action":{"buttons":[{"type":"reply","reply":{"id":"1","title":"` + strings.Repeat("x", 21) + `"}}]}}}`, 400},
		"unknown read mark": {messages, "token", `{"messaging_product":"whatsapp","status":"read","message_id":"wamid.x"}`, 400},
		"not json":          {messages, "token", `x`, 400},
	} {
		t.Run(name, func(t *testing.T) {
			if got := post(tc.path, tc.token, tc.body); got != tc.status {
				t.Errorf("status %d, want %d", got, tc.status)
			}
		})
	}
	t.Run("without plus", func(t *testing.T) {
		before := len(b.sim.Chat(hauke))
		if got := post(messages, "token", `{"messaging_product":"whatsapp","to":"4917139200155","type":"text","biz_opaque_callback_data":"o:t:2","text":{"body":"x"}}`); got != 200 {
			t.Errorf("status %d, want 200: accepted, then undeliverable", got)
		}
		if st := b.states("o:t:2", 1); st[0].Code != 131026 {
			t.Errorf("status %+v, want 131026", st[0])
		}
		if len(b.sim.Chat(hauke)) != before {
			t.Error("delivered to the number without +")
		}
	})
	t.Run("media without token or name", func(t *testing.T) {
		b.sim.SendVoice(hauke, "", note(t))
		info := must(b.client.Media(t.Context(), b.tenant, b.inbound(2)[1].MediaID))
		for _, tc := range []struct {
			agent, token string
			status       int
		}{{"", "token", 403}, {"Go-http-client/1.1", "token", 403}, {"feierabend/1.0", "", 401}, {"feierabend/1.0", "wrong", 401}, {"feierabend/1.0", "token", 200}} {
			req := must(http.NewRequest(http.MethodGet, info.URL, nil))
			req.Header.Set("User-Agent", tc.agent)
			req.Header.Set("Authorization", "Bearer "+tc.token)
			resp := must(http.DefaultClient.Do(req))
			resp.Body.Close()
			if resp.StatusCode != tc.status {
				t.Errorf("agent %q, token %q: %d, want %d", tc.agent, tc.token, resp.StatusCode, tc.status)
			}
		}
	})
}

// TestGraphBusyAndRevoked is conformance 8's near side: parked, not lost.
func TestGraphBusyAndRevoked(t *testing.T) {
	b := newBench(t, nil)
	b.sim.SendText(hauke, "x")
	b.inbound(1)
	m := feierabend.ChatMessage{To: hauke, Text: "x"}
	var ce *feierabend.ChatError
	b.sim.SetFaults(simulator.Faults{GraphBusy: true})
	if _, err := b.client.Send(t.Context(), b.tenant, m); !errors.As(err, &ce) || !ce.Retry || ce.Lost {
		t.Errorf("503: %v", err)
	}
	b.sim.SetFaults(simulator.Faults{Revoked: true})
	if _, err := b.client.Send(t.Context(), b.tenant, m); !errors.As(err, &ce) || !ce.Park || ce.Code != 190 {
		t.Errorf("revoked: %v", err)
	}
	b.sim.SendText(hauke, "kommt trotzdem an")
	b.inbound(2)
	b.sim.SetFaults(simulator.Faults{})
	if _, err := b.client.Send(t.Context(), b.tenant, m); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// TestManyAtOnce: parallel senders and callers, for the race detector.
func TestManyAtOnce(t *testing.T) {
	b := newBench(t, nil)
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			who := []string{hauke, inken}[i%2]
			b.sim.SendText(who, fmt.Sprint(i))
			b.client.Send(t.Context(), b.tenant, feierabend.ChatMessage{To: who, Text: "x"})
			b.sim.Chat(who)
		})
	}
	wg.Wait()
	b.inbound(20)
}
