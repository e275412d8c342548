package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// order is what the load generator is to do.
type order struct {
	Addr   string   `json:"addr"`
	Host   string   `json:"host"`
	Conns  int      `json:"conns"`
	Count  int      `json:"count"`
	Rate   float64  `json:"rate"`  // a second; 0 = as fast as the answers come
	First  int      `json:"first"` // number of the first message, so that none comes twice
	Oldest int64    `json:"oldest"`
	Phones []string `json:"phones"`
}

// answer is what it has seen. Millis are sorted; paced, they count from the moment
// at which the message was due, so that waiting for a connection counts too.
type answer struct {
	Seconds float64   `json:"seconds"`
	Millis  []float64 `json:"millis"`
	Began   []int64   `json:"began"` // microseconds since 1970 at which each message was due, by number
	CPU     float64   `json:"cpu"`   // seconds of the generator
	Failed  int       `json:"failed"`
}

// load runs the generator as a process of its own.
func (b *bench) load(ctx context.Context, o order) (answer, error) {
	var a answer
	self, err := os.Executable()
	if err != nil {
		return a, err
	}
	in, err := json.Marshal(o)
	if err != nil {
		return a, err
	}
	cmd := exec.CommandContext(ctx, self, "load")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return a, fmt.Errorf("load generator: %w", err)
	}
	if err := json.Unmarshal(out, &a); err != nil {
		return a, err
	}
	if a.Failed > 0 {
		return a, fmt.Errorf("%d of %d webhooks were not answered 200", a.Failed, o.Count)
	}
	return a, nil
}

func runLoad(stdin io.Reader, stdout io.Writer) error {
	var o order
	if err := json.NewDecoder(stdin).Decode(&o); err != nil {
		return err
	}
	requests := make([][]byte, o.Count)
	for i := range requests {
		requests[i] = o.request(i)
	}
	conns := make([]net.Conn, o.Conns)
	for i := range conns {
		c, err := net.Dial("tcp", o.Addr)
		if err != nil {
			return err
		}
		defer c.Close()
		conns[i] = c
	}
	a := answer{Millis: make([]float64, o.Count), Began: make([]int64, o.Count)}
	var next, failed atomic.Int64
	var wg sync.WaitGroup
	used, began := own(), time.Now()
	for _, c := range conns {
		wg.Go(func() {
			r := bufio.NewReaderSize(c, 4096)
			for {
				n := int(next.Add(1)) - 1
				if n >= o.Count {
					return
				}
				due := time.Now()
				if o.Rate > 0 {
					due = began.Add(time.Duration(float64(n) / o.Rate * float64(time.Second)))
					time.Sleep(time.Until(due))
				}
				a.Began[n] = due.UnixMicro()
				if err := exchange(c, r, requests[n]); err != nil {
					failed.Add(1)
				}
				a.Millis[n] = float64(time.Since(due).Microseconds()) / 1000
			}
		})
	}
	wg.Wait()
	a.Seconds, a.CPU, a.Failed = time.Since(began).Seconds(), (own() - used).Seconds(), int(failed.Load())
	slices.Sort(a.Millis)
	return json.NewEncoder(stdout).Encode(a)
}

// request is a webhook as Meta sends it: about 700 bytes, signed, no two alike. Its
// timestamp names it: so many seconds after Oldest.
func (o order) request(i int) []byte {
	n := o.First + i
	phone := o.Phones[n%len(o.Phones)]
	id := fmt.Sprintf("wamid.HBgNNDkxNzEzOTIwMDE1NRUCABIYFDNBN0YxMEMyRDk1RTRC%08d", n)
	text := fmt.Sprintf(`Rechnung f\u00fcr Frau %s, Lindenweg %d, 25524 Itzehoe. Heute %d Stunden gearbeitet und Anfahrt.`, surname(n), 1+n%180, 1+n%7)
	body := `{"object":"whatsapp_business_account","entry":[{"id":"104455667788990","changes":[{"value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"` + ownNumber[1:] +
		`","phone_number_id":"` + phoneNumberID + `"},"contacts":[{"profile":{"name":"Chefin"},"wa_id":"` + phone[1:] + `","user_id":"DE.` + phone[3:] + `"}],"messages":[{"from":"` + phone[1:] +
		`","id":"` + id + `","timestamp":"` + strconv.FormatInt(o.Oldest+int64(n), 10) + `","text":{"body":"` + text + `"},"type":"text"}]},"field":"messages"}]}]}`
	m := hmac.New(sha256.New, []byte(appSecret))
	m.Write([]byte(body))
	return []byte("POST /webhooks/whatsapp HTTP/1.1\r\nHost: " + o.Host + "\r\nUser-Agent: facebookexternalua\r\nAccept: */*\r\nContent-Type: application/json\r\nX-Hub-Signature-256: sha256=" +
		hex.EncodeToString(m.Sum(nil)) + "\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + body)
}

// surname gives a name of its own to each message, so that none is taken as an
// addition to another.
func surname(n int) string {
	first := []string{"Ahrens", "Brandt", "Carstens", "Detlefsen", "Ehlers", "Frahm", "Gosch", "Harder", "Iversen", "Jessen"}
	last := []string{"mann", "kamp", "hof", "berg", "feld", "horst", "bek", "stedt", "wisch", "loh"}
	return first[n%10] + last[n/10%10] + last[n/100%10] + last[n/1000%10] + last[n/10000%10]
}

// exchange sends one request and reads its answer; the generator must cost little.
func exchange(c net.Conn, r *bufio.Reader, request []byte) error {
	if _, err := c.Write(request); err != nil {
		return err
	}
	line, err := r.ReadString('\n')
	if err != nil {
		return err
	}
	ok, length := strings.HasPrefix(line, "HTTP/1.1 200"), 0
	for {
		if line, err = r.ReadString('\n'); err != nil {
			return err
		}
		if line == "\r\n" {
			break
		}
		if k, v, _ := strings.Cut(line, ":"); strings.EqualFold(k, "Content-Length") {
			if length, err = strconv.Atoi(strings.TrimSpace(v)); err != nil {
				return err
			}
		}
	}
	if _, err := r.Discard(length); err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("not answered 200")
	}
	return nil
}
