package signin

import (
	"crypto/hmac"
	"encoding/base64"
	"strings"

	"feierabend"
)

// Remember makes the cookie of a browser in which the person has just signed in. It
// opens nothing and names nobody: it gives the browser mails of its own when it asks
// for that person again (decision 0047). Nothing of it is stored.
func (s *Step) Remember(user feierabend.UserID) string {
	device := NewToken()
	return device + "." + base64.RawURLEncoding.EncodeToString(s.knownMAC(device, user))
}

// knows gives the device of a cookie that was made here for this person. It does the
// same work for a person that nobody knows.
func (s *Step) knows(cookie string, user feierabend.UserID) (device string, ok bool) {
	device, mac, _ := strings.Cut(cookie, ".")
	given, err := base64.RawURLEncoding.DecodeString(mac)
	same := hmac.Equal(given, s.knownMAC(device, user))
	return device, same && err == nil && len(device) == 43 && user != ""
}

func (s *Step) knownMAC(device string, user feierabend.UserID) []byte {
	return s.keyed("known\x00"+string(user), device)
}
