package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// logMarks are what no log may hold: a name, a street, a number, a mail, words of a
// dictation, tokens, headers of a visitor (LOG-05).
var logMarks = []string{
	"Rosenquarz", "Zinnobersteig", "4915112349876", "quittenmoor@marke.example", "Wachtelsiphon", "MARKtokenEAAG77", "MARKappgeheimnis77", "MARKanmeldewort77",
	"Perlmuttbrowser", "Malachitpfad", "MARKcode77", "Bernsteinbetreff",
}

// canaryLogs works the real binary with marked content, lets it die with all its
// stacks, and looks for every mark in all that it has said and left.
func canaryLogs(bin string) error {
	dir, err := os.MkdirTemp("", "feierabend-logs-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	w, internal, keys, err := markedWorld(bin, dir)
	if err != nil {
		return err
	}
	defer w.close()
	if err := w.tellMarks(); err != nil {
		return err
	}
	said, err := w.gather(internal)
	if err != nil {
		return err
	}
	if err := w.dieLoudly(said); err != nil {
		return err
	}
	marks := append(logMarks, keys...)
	if hits := search(said, marks); len(hits) > 0 {
		return fmt.Errorf("%d hits: %q", len(hits), hits)
	}
	if err := enough(said); err != nil {
		return err
	}
	planted := 0
	for where := range said { // the search can go red: each mark, in each place
		for _, m := range marks {
			for _, form := range disguises(m) {
				leak := map[string]string{where: said[where] + form}
				if len(search(leak, []string{m})) != 1 {
					return fmt.Errorf("a leak planted in %s was not found", where)
				}
				planted++
			}
		}
	}
	size := 0
	for _, text := range said {
		size += len(text)
	}
	fmt.Printf("logs: %d marks in %d places of %d kB: 0 hits; %d planted leaks found\n", len(marks), len(said), size/1000, planted)
	return nil
}

// markedWorld starts simulator and service with marked tokens and fresh keys.
func markedWorld(bin, dir string) (w *world, internal string, keys []string, err error) {
	w = &world{bin: bin, dir: dir, db: onSQLite(dir)}
	if w.listen, err = freeAddress(); err != nil {
		return nil, "", nil, err
	}
	tokens := []string{"FEIERABEND_WHATSAPP_TOKEN=" + logMarks[5], "FEIERABEND_WHATSAPP_APP_SECRET=" + logMarks[6], "FEIERABEND_WHATSAPP_VERIFY_TOKEN=" + logMarks[7]}
	var urls []string
	if w.sim, urls, err = launch(bin, tokens, "simulate", "whatsapp", "--listen", "127.0.0.1:0"); err != nil {
		return nil, "", nil, err
	}
	w.simURL = urls[0]
	at, err := freeAddress()
	if err != nil {
		return nil, "", nil, err
	}
	if at == w.listen { // both are free still
		at = strings.Replace(at, ":2", ":3", 1)
	}
	temp := filepath.Join(dir, "temp")
	if err := os.Mkdir(temp, 0o700); err != nil {
		return nil, "", nil, err
	}
	for _, b := range []byte{7, 9} {
		keys = append(keys, base64.StdEncoding.EncodeToString([]byte(strings.Repeat(string(rune('A'+b)), 32))))
	}
	w.db.env = append(w.db.env, append(tokens, "FEIERABEND_MASTER_KEYS=1:"+keys[0], "FEIERABEND_ROOT_KEY="+keys[1],
		"FEIERABEND_INTERNAL_LISTEN="+at, "FEIERABEND_ACCESS_LOG=browser,system,referrer,minute,network,page,answer", "TMPDIR="+temp, "GOTRACEBACK=all")...)
	return w, "http://" + at, keys, w.start()
}

// tellMarks lets people, strangers and attackers say every mark.
func (w *world) tellMarks() error {
	var s settings
	if err := w.get("/sim/v1/settings", &s); err != nil {
		return err
	}
	text := "Rechnung für Frau Rosenquarz, Zinnobersteig 12 in 25524 Itzehoe, einen Wachtelsiphon eingebaut, zwei Stunden, Telefon +4915112349876."
	if err := w.post("/sim/v1/text", url.Values{"phone": {hauke}, "text": {text}}, nil); err != nil {
		return err
	}
	for _, body := range [][]byte{textWebhook(s, "+4915112349876", "wamid.Malachitpfad", text), []byte(`{"Rosenquarz":`), []byte("Rosenquarz")} {
		for _, signature := range []string{"", "sha256=Rosenquarz", sign("falsch", body), sign(s.AppSecret, body)} {
			if _, err := w.deliver(body, signature); err != nil {
				return err
			}
		}
	}
	for _, v := range []struct {
		method, path string
		form         url.Values
	}{
		{"GET", "/?Malachitpfad=Rosenquarz", nil},
		{"GET", "/v/Malachitpfad?wer=Rosenquarz", nil},
		{"GET", "/Malachitpfad%0d%0a%1b[31mRosenquarz", nil},
		{"GET", "/anmelden/link?t=MARKcode77", nil},
		{"POST", "/anmelden", url.Values{"email": {"quittenmoor@marke.example"}}},
		{"POST", "/anmelden", url.Values{"email": {"hauke@deichgruen.example"}, "weiter": {"//Malachitpfad"}}},
		{"POST", "/anmelden", url.Values{"email": {"Bernsteinbetreff\r\nBcc: quittenmoor@marke.example"}}},
		{"POST", "/anmelden/code", url.Values{"code": {"MARKcode77"}}},
		{"POST", "/anmelden/link", url.Values{"t": {"MARKcode77"}}},
		{"POST", "/v/Malachitpfad/antwort", url.Values{"Rosenquarz": {text}}},
	} {
		if err := w.hostile(v.method, v.path, v.form); err != nil {
			return err
		}
	}
	return until("the answer to the dictation", 20*time.Second, func() (bool, error) {
		bubbles, err := w.chat(hauke)
		return len(bubbles) > 1 && err == nil, err
	})
}

// hostile visits a page with headers that are marks and tricks.
func (w *world) hostile(method, path string, form url.Values) error {
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequest(method, w.pages+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("User-Agent", "Perlmuttbrowser \"}{\u202e Firefox/132.0 (Windows)")
	req.Header.Set("Referer", "https://suche.example/Malachitpfad?q=Rosenquarz")
	req.Header.Set("Cookie", "s=MARKcode77; bind=MARKcode77")
	req.Header.Set("X-Forwarded-For", "Malachitpfad")
	req.Header.Set("X-Request-Id", "Malachitpfad")
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	if res.StatusCode >= 500 {
		return fmt.Errorf("%s answered %d", req.URL.Path, res.StatusCode)
	}
	return err
}

// gather reads the operator's pages, the job rows and the limits of the process.
func (w *world) gather(internal string) (map[string]string, error) {
	said := map[string]string{}
	for _, path := range []string{"/metrics", "/health", "/queue"} {
		res, err := http.Get(internal + path)
		if err != nil {
			return nil, err
		}
		b, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			return nil, err
		}
		said[path] = string(b)
	}
	rows, err := w.query(`SELECT * FROM river_job`)
	if err != nil {
		return nil, err
	}
	said["job rows and mail queue"] = strings.Join(rows, "\n")
	limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", w.service.cmd.Process.Pid))
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(limits)) {
		if strings.HasPrefix(line, "Max core file size") && !strings.HasPrefix(strings.TrimSpace(strings.TrimPrefix(line, "Max core file size")), "0 ") {
			return nil, fmt.Errorf("core dumps are on: %s", line)
		}
	}
	return said, nil
}

// dieLoudly ends the service with the stacks of all goroutines, and reads what it said
// and left behind.
func (w *world) dieLoudly(said map[string]string) error {
	w.service.cmd.Process.Signal(syscall.SIGABRT)
	w.service.cmd.Wait()
	w.service.mu.Lock()
	said["stderr with stacks"] = w.service.err.String()
	w.service.mu.Unlock()
	for _, folder := range []string{"temp", "data/logs"} {
		err := filepath.WalkDir(filepath.Join(w.dir, folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := os.ReadFile(path)
			said[folder+"/"+d.Name()] = string(b)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// enough says that the places hold what they must: an empty log proves nothing.
func enough(said map[string]string) error {
	all := ""
	for where, text := range said {
		all += text
		if !strings.HasPrefix(where, "data/logs/") {
			continue
		}
		for line := range strings.Lines(text) {
			if !json.Valid([]byte(line)) || strings.ContainsAny(line, "\u202e\x1b") {
				return fmt.Errorf("%s has a line that is none of ours: %q", where, line)
			}
		}
	}
	for _, want := range []string{
		`"act":"sign_in_failed"`, `"act":"bad_signature"`, `"act":"denied"`, `"act":"started"`, `"browser":"Firefox 132"`, `"referrer":"https://suche.example"`, `"network":"127.0.0.0/24"`,
		"goroutine ", "SIGABRT", "feierabend_log_dropped_total", "webhook refused",
	} {
		if !strings.Contains(all, want) {
			return fmt.Errorf("%s is missing: the search proves nothing", want)
		}
	}
	return nil
}

// search gives "mark in place" for each mark that stands there in any disguise.
func search(said map[string]string, marks []string) (hits []string) {
	for where, text := range said {
		lower := strings.ToLower(text)
		for _, m := range marks {
			for _, form := range disguises(m) {
				if strings.Contains(lower, strings.ToLower(form)) {
					hits = append(hits, m+" in "+where)
					break
				}
			}
		}
	}
	return hits
}

// disguises are the forms in which a mark could stand somewhere.
func disguises(m string) []string {
	return []string{m, url.QueryEscape(m), hex.EncodeToString([]byte(m)), base64.RawStdEncoding.EncodeToString([]byte(m))}
}
