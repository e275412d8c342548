package profile

import (
	"fmt"
	"strings"
)

// ibanLength is the length of an IBAN by country: the SEPA area (ISO 13616 registry,
// EPC409-09). Read only.
var ibanLength = map[string]int{
	"AD": 24, "AL": 28, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GI": 23,
	"GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MT": 31, "NL": 18,
	"NO": 15, "PL": 28, "PT": 25, "RO": 24, "RS": 22, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "VA": 22,
}

// IBAN reads an account number as people type it, with spaces or without, and checks
// its length and check digits (ISO 13616, MOD 97-10). problem is "" where it is right.
func IBAN(typed string) (iban, problem string) {
	iban = strings.ToUpper(strings.Map(func(r rune) rune {
		if r == ' ' || r == '\u00a0' || r == '-' || r == '.' {
			return -1
		}
		return r
	}, strings.TrimPrefix(strings.TrimSpace(typed), "IBAN")))
	if strings.IndexFunc(iban, func(r rune) bool { return (r < '0' || r > '9') && (r < 'A' || r > 'Z') }) >= 0 {
		return iban, "Eine IBAN besteht nur aus Buchstaben und Ziffern, zum Beispiel DE02 1203 0000 0000 2020 51."
	}
	if len(iban) < 2 || strings.Trim(iban[:2], "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return iban, "Eine IBAN beginnt mit zwei Buchstaben für das Land, in Deutschland mit DE. Die alte Kontonummer allein genügt nicht."
	}
	want, known := ibanLength[iban[:2]]
	switch {
	case !known:
		return iban, "Dieses Land nimmt nicht am Euro-Zahlungsverkehr teil. Bitte prüfen Sie die ersten zwei Buchstaben der IBAN."
	case len(iban) < want:
		return iban, fmt.Sprintf("Diese IBAN ist zu kurz: Es sind %d Zeichen, es müssen %d sein.", len(iban), want)
	case len(iban) > want:
		return iban, fmt.Sprintf("Diese IBAN ist zu lang: Es sind %d Zeichen, es müssen %d sein.", len(iban), want)
	case mod97(iban[4:]+iban[:4]) != 1:
		return iban, "Die Prüfziffer dieser IBAN stimmt nicht. Meist ist eine Ziffer vertauscht: Bitte vergleichen Sie sie mit der Karte oder dem Kontoauszug."
	}
	return iban, ""
}

// mod97 is the remainder of digits and letters (A = 10) modulo 97 (ISO 7064).
func mod97(s string) (rest int) {
	for _, c := range s {
		if c >= 'A' {
			rest = (rest*100 + int(c-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(c-'0')) % 97
		}
	}
	return rest
}

// BIC reads the identifier of a bank (ISO 9362): 8 or 11 characters. It must be of the
// country of iban, "" = any.
func BIC(typed, iban string) (bic, problem string) {
	bic = strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(typed), " ", ""))
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	switch {
	case len(bic) != 8 && len(bic) != 11:
		return bic, "Eine BIC hat 8 oder 11 Zeichen, zum Beispiel NOLADE21HOL. Sie darf auch fehlen."
	case strings.Trim(bic[:4], letters+"0123456789") != "" || strings.Trim(bic[4:6], letters) != "" || strings.Trim(bic[6:], letters+"0123456789") != "":
		return bic, "Diese BIC hat nicht die richtige Form, zum Beispiel NOLADE21HOL. Sie darf auch fehlen."
	case len(iban) >= 2 && bic[4:6] != iban[:2]:
		return bic, "BIC und IBAN gehören zu verschiedenen Ländern. Bitte prüfen Sie beide."
	}
	return bic, ""
}
