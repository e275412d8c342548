package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
)

// Made-up credentials of the chat.
const (
	appSecret     = "bench-app-secret"
	chatToken     = "bench-token"
	phoneNumberID = "115577990033441"
	ownNumber     = "+4930231250420"
)

// stub stands for WhatsApp: it takes what the service sends and answers at once.
type stub struct {
	url  string
	ln   net.Listener
	sent atomic.Int64
}

func newStub() (*stub, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &stub{url: "http://" + ln.Addr().String(), ln: ln}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /sim/v1/settings", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(map[string]string{
			"phone_number_id": phoneNumberID, "number": ownNumber, "token": chatToken, "app_secret": appSecret, "verify_token": "bench-verify",
		})
	})
	mux.HandleFunc("POST /sim/v1/connect", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("POST /{version}/{number}/messages", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"messaging_product":"whatsapp","messages":[{"id":"wamid.out.%d"}]}`, s.sent.Add(1))
	})
	go http.Serve(ln, mux)
	return s, nil
}

func (s *stub) close() { s.ln.Close() }
