package whatsapp

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"feierabend"
)

var errAddress = errors.New("unreadable address")

// German sentences for people; which one is told depends on what helps.
const (
	textLater  = "WhatsApp ist gerade nicht erreichbar. Ihre Daten sind sicher gespeichert; es wird von selbst noch einmal versucht."
	textPark   = "WhatsApp nimmt von diesem Dienst zurzeit nichts an. Ihre Daten sind sicher gespeichert; der Betreiber ist verständigt. Auf der Seite können Sie weiterarbeiten."
	textWindow = "WhatsApp erlaubt Antworten nur 24 Stunden lang nach Ihrer letzten Nachricht. Ihre Daten sind sicher gespeichert; schreiben Sie kurz im Chat oder öffnen Sie die Seite."
	textMedia  = "Die Datei ist bei WhatsApp nicht mehr vorhanden oder nicht lesbar. Bitte senden Sie die Nachricht noch einmal."
	textNever  = "WhatsApp konnte diese Nachricht nicht zustellen. Ihre Daten sind sicher gespeichert; öffnen Sie bitte die Seite."
)

// graphBody is Meta's error answer; error_data may be an object or a string and
// is not read: it can repeat numbers and texts.
type graphBody struct {
	Error struct {
		Code    flexInt    `json:"code"`
		Subcode flexInt    `json:"error_subcode"`
		Trace   flexString `json:"fbtrace_id"`
	} `json:"error"`
}

// graphError reads an error answer. Where it is not Meta's JSON (a proxy's HTML
// page), the HTTP status decides.
func graphError(status int, h http.Header, body []byte) *feierabend.ChatError {
	var g graphBody
	if json.Unmarshal(body, &g) != nil {
		g = graphBody{}
	}
	e := byCode(int(g.Error.Code), int(g.Error.Subcode), status)
	e.Err.Err = fmt.Errorf("http %d, code %d, subcode %d, trace %.40q", status, g.Error.Code, g.Error.Subcode, string(g.Error.Trace))
	if s, err := strconv.Atoi(h.Get("Retry-After")); err == nil && s > 0 && e.Retry {
		e.After = max(e.After, min(time.Duration(s)*time.Second, 24*time.Hour))
	}
	return e
}

// byCode is the table of WhatsApp's error codes: what helps against which.
// (Meta, support/error-codes, Sep 2026.)
func byCode(code, subcode, status int) *feierabend.ChatError {
	switch {
	case code == 131047: // window closed, mostly asynchronous
		return &feierabend.ChatError{Code: code, Window: true, Err: fault(feierabend.Gone, "chat_window", textWindow)}
	case code == 131056: // pair rate: 1 message / 6 s to one person, burst 45
		return retry(code, 6*time.Second)
	case code == 4, code == 80007: // call limit of app or account
		return retry(code, 5*time.Minute)
	case code == 130429:
		return retry(code, 2*time.Second)
	case code == 131057, code == 2494100: // maintenance
		return retry(code, time.Minute)
	case code == 131000, code == 131016, code == 1, code == 2, code == 133004:
		return retry(code, 5*time.Second)
	case parks(code):
		return &feierabend.ChatError{Code: code, Park: true, Err: fault(feierabend.Unavailable, "chat_operator", textPark)}
	case code == 100 && subcode == 33, code == 33, code == 131051, code == 131052, code == 131053:
		return goneMedia(code)
	case code == 0:
		return byStatus(status)
	}
	// 100, 131008, 131009 (our fault), 131026, 130403, 131030, … (this person): never again.
	return &feierabend.ChatError{Code: code, Err: fault(feierabend.Invalid, "chat_refused", textNever)}
}

// parks lists the codes that only the operator can mend: token, permission,
// payment, restriction, registration, display name, templates, PIN.
func parks(code int) bool {
	switch code {
	case 190, 3, 10, 131005, 131048, 131064, 131042, 368, 131031, 131045, 133010, 131037,
		132000, 132001, 132007, 132012, 132015, 132016, 133005, 133006, 133008, 133009, 133016:
		return true
	}
	return code >= 200 && code <= 299
}

// byStatus judges answers without a code; Meta's code 0 (AuthException) comes with 401.
func byStatus(status int) *feierabend.ChatError {
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return &feierabend.ChatError{Park: true, Err: fault(feierabend.Unavailable, "chat_operator", textPark)}
	case status == http.StatusTooManyRequests, status == http.StatusNotFound: // Meta never answers a bare 404: something in between did
		return retry(0, time.Minute)
	case status >= 500, status == http.StatusRequestTimeout:
		return retry(0, 5*time.Second)
	}
	return &feierabend.ChatError{Err: fault(feierabend.Invalid, "chat_refused", textNever)}
}

func retry(code int, after time.Duration) *feierabend.ChatError {
	return &feierabend.ChatError{Code: code, Retry: true, After: after, Err: fault(feierabend.Unavailable, "chat_later", textLater)}
}

// goneMedia says that the provider no longer has a file, or cannot use it.
func goneMedia(code int) *feierabend.ChatError {
	return &feierabend.ChatError{Code: code, Media: true, Err: fault(feierabend.Gone, feierabend.ReasonMediaExpired, textMedia)}
}

func fault(k feierabend.Kind, code, text string) *feierabend.Error {
	return &feierabend.Error{Kind: k, Code: code, Text: text}
}

// noAnswer wraps a call that got no answer. lost: it may have been accepted.
// What the guard refused was never sent and waits for the operator; the gate's
// answer (no agreement) passes through.
func noAnswer(err error, lost bool) error {
	var e *feierabend.Error
	if errors.As(err, &e) && e.Kind != feierabend.Unavailable {
		if e.Kind == feierabend.Internal {
			return &feierabend.ChatError{Park: true, Err: e}
		}
		return err
	}
	ce := retry(0, 5*time.Second)
	ce.Lost = lost
	if lost {
		ce.After = 90 * time.Second // wait for a status with biz_opaque_callback_data
	}
	ce.Err.Err = err
	return ce
}
