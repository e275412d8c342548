package whatsapp

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"

	"feierabend"
)

// signed checks X-Hub-Signature-256: HMAC-SHA256 with the app secret over the
// raw body, exactly as it came (HOOK-01). The old SHA-1 header is ignored. All
// secrets are tried, so that one can be rotated without a gap.
func (c *Client) signed(h http.Header, raw []byte) error {
	const prefix = "sha256="
	values := h.Values("X-Hub-Signature-256")
	if len(values) != 1 || !strings.HasPrefix(values[0], prefix) {
		return unsigned("no signature")
	}
	got, err := hex.DecodeString(values[0][len(prefix):])
	if err != nil || len(got) != sha256.Size {
		return unsigned("malformed signature")
	}
	ok := false
	for _, secret := range c.o.Secrets {
		if secret.Empty() {
			continue // an unset variable must not become a known key
		}
		mac := hmac.New(sha256.New, []byte(secret.Reveal()))
		mac.Write(raw)
		if hmac.Equal(got, mac.Sum(nil)) {
			ok = true
		}
	}
	if !ok {
		return unsigned("wrong signature")
	}
	return nil
}

func unsigned(why string) error {
	return &feierabend.Error{Kind: feierabend.Unauthorized, Code: "webhook_signature", Err: errors.New(why)}
}

// Verify answers the handshake of the webhook (GET hub.mode, hub.verify_token,
// hub.challenge): ok says that challenge is to be sent back verbatim as text,
// else the answer is 403. It needs no database.
func (c *Client) Verify(mode, token, challenge string) (string, bool) {
	if mode != "subscribe" || !c.o.VerifyToken.Equal(token) {
		return "", false
	}
	return challenge, true
}
