package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"time"
)

// The people of the demo who have a seat, by their phones.
var mailOf = map[string]string{hauke: "hauke@deichgruen.example", inken: "inken@nordlicht.example"}

// visitor is somebody at the pages: cookies and forms, nothing else.
type visitor struct {
	w      *world
	client *http.Client
}

var linkToken = regexp.MustCompile(`/anmelden/link\?t=([A-Za-z0-9_-]+)`)

// signIn asks for a mail, reads it in the simulated mailbox and uses its link.
func (w *world) signIn(phone string) (*visitor, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	v := &visitor{w, &http.Client{Jar: jar, Timeout: 30 * time.Second}}
	var box struct {
		Mails []struct {
			ID   int
			To   []string
			Text string
		}
	}
	if err := w.get("/sim/v1/mails", &box); err != nil {
		return nil, err
	}
	seen := 0
	if len(box.Mails) > 0 {
		seen = box.Mails[0].ID
	}
	if _, err := v.page("/anmelden", url.Values{"email": {mailOf[phone]}}); err != nil {
		return nil, err
	}
	return v, until("mail with a link", 20*time.Second, func() (bool, error) {
		if err := w.get("/sim/v1/mails", &box); err != nil {
			return false, err
		}
		for _, m := range box.Mails {
			t := linkToken.FindStringSubmatch(m.Text)
			if m.ID > seen && t != nil && slices.Contains(m.To, mailOf[phone]) {
				_, err := v.page("/anmelden/link", url.Values{"t": {t[1]}})
				return err == nil, err
			}
		}
		return false, nil
	})
}

// ask sends one request, a form when it is not nil, and gives status and body.
func (v *visitor) ask(path string, form url.Values) (status int, body string, err error) {
	var res *http.Response
	if form == nil {
		res, err = v.client.Get(v.w.pages + path)
	} else {
		res, err = v.client.PostForm(v.w.pages+path, form)
	}
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, 32<<20))
	return res.StatusCode, string(b), err
}

// page is ask for what must be a page.
func (v *visitor) page(path string, form url.Values) (string, error) {
	status, body, err := v.ask(path, form)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("%s answered %d", path, status)
	}
	return body, err
}

var filePath = regexp.MustCompile(`action="(/f/[a-z2-7]{26}/[^"]+/download)"`)

// download fetches every file of a case, as its page offers them.
func (v *visitor) download(of string) error {
	body, err := v.page("/v/"+of, nil)
	if err != nil {
		return err
	}
	files := filePath.FindAllStringSubmatch(body, -1)
	if len(files) == 0 {
		return fmt.Errorf("the page of a case that is issued offers no file")
	}
	for _, f := range files {
		if _, err := v.page(f[1], url.Values{}); err != nil {
			return err
		}
	}
	return nil
}
