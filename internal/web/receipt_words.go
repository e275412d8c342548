package web

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"feierabend"
)

func hexOf(b []byte) string { return hex.EncodeToString(b) }

// erasedKinds words the counts of a receipt, in the order of a case's life.
var erasedKinds = []struct{ key, one, many string }{
	{"messages", "Nachricht", "Nachrichten"},
	{"audio", "Tonaufnahme", "Tonaufnahmen"},
	{"transcripts", "Abschrift", "Abschriften"},
	{"drafts", "Fassung des Entwurfs", "Fassungen des Entwurfs"},
	{"documents", "Dokument", "Dokumente"},
	{"files", "Datei", "Dateien"},
	{"outbox", "Antwort im Chat", "Antworten im Chat"},
	{"addresses", "Eintrag im Adressbuch", "Einträge im Adressbuch"},
	{"keys", "Schlüssel, der alles davon verschloss", "Schlüssel, die alles davon verschlossen"},
}

func erasedWords(n map[string]int) (out []string) {
	for _, k := range erasedKinds {
		if n[k.key] > 0 {
			out = append(out, count(n[k.key], k.one, k.many))
		}
	}
	return out
}

// subjectFact names what a receipt is about.
func subjectFact(f format, r feierabend.ErasureReceipt) fact {
	since := f.date(r.FirstContentAt) + ", " + f.clock(r.FirstContentAt)
	switch r.Subject {
	case feierabend.SubjectAddress:
		return fact{"Adressbuch", "Eintrag " + groups(string(r.Entry)) + ", angelegt " + since}
	case feierabend.SubjectBook:
		return fact{"Adressbuch", "alle Einträge, der älteste angelegt " + since}
	case feierabend.SubjectCase:
	}
	return fact{"Vorgang", groups(string(r.Case)) + ", begonnen " + since}
}

// ruleWords says by which rule and on whose word a case was erased.
func ruleWords(r feierabend.ErasureReceipt) string {
	by := map[feierabend.Role]string{feierabend.RoleOwner: " durch Inhaber", feierabend.RoleOffice: " durch Büro", feierabend.RoleStaff: " durch Mitarbeiter"}[r.By.Role]
	if r.By.Via == feierabend.ViaChat {
		by += ", im Chat"
	}
	switch r.Reason {
	case feierabend.EraseConfirmed:
		return "Speichern bestätigt" + by
	case feierabend.EraseDiscarded:
		switch r.Subject {
		case feierabend.SubjectAddress:
			return "Aus dem Adressbuch gelöscht" + by
		case feierabend.SubjectBook:
			return "Adressbuch ausgeschaltet" + by
		case feierabend.SubjectCase:
		}
		return "Verworfen" + by
	case feierabend.EraseCountedDown:
		return "Frist nach dem Herunterladen abgelaufen"
	case feierabend.EraseExpired:
		if r.Subject == feierabend.SubjectAddress {
			return "Lange nicht benutzt, Frist abgelaufen"
		}
		return "Längste Aufbewahrung erreicht"
	}
	return "Gelöscht" + by
}

// proofWords explains the method codes of a receipt.
func proofWords(method string) string {
	switch {
	case strings.HasPrefix(method, "sqlite"):
		return "Der Schlüssel wurde überschrieben und das Protokoll der Datenbank genullt. Danach wurde alles durchsucht."
	case strings.HasPrefix(method, "postgres"):
		return "Die Tabelle der Schlüssel wurde neu geschrieben und das Protokoll der Datenbank verworfen. Danach wurde alles durchsucht."
	case method == "lost_with_machine":
		return "Der Schlüssel wurde gelöscht. Bevor das geprüft war, ging die Datenbank verloren. Aus der Sicherung kam nur dieser Nachweis zurück, kein Inhalt."
	case method == "key_missing":
		return "Alles, was noch da war, ist gelöscht. Der Schlüssel fehlte schon vorher, deshalb konnte nicht mehr nach ihm gesucht werden. Lesen ließ sich ohne ihn nichts mehr."
	}
	return "Der Schlüssel ist gelöscht."
}

// size is "41,8 MB".
func size(n int64) string {
	switch {
	case n < 1000:
		return strconv.FormatInt(n, 10) + nbsp + "Byte"
	case n < 1_000_000:
		return strconv.FormatInt((n+500)/1000, 10) + nbsp + "kB"
	}
	tenths := (n + 50_000) / 100_000
	return fmt.Sprintf("%d,%d"+nbsp+"MB", tenths/10, tenths%10)
}
