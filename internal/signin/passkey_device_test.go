package signin_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"
)

// device is an authenticator made of software: real keys and signatures, and lies where a
// test wants some.
type device struct {
	t      *testing.T
	key    *ecdsa.PrivateKey
	id     []byte
	handle string
	count  uint32
	// What it says of itself, and of the page that asked.
	origin, rpID string
	flags        byte
	challenge    string // "" = the one that was asked
}

// Flags of an authenticator: somebody was there, and was verified.
const present, verified = 1, 4

func newDevice(t *testing.T) *device {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	d := &device{t: t, key: key, id: make([]byte, 16), origin: "https://app.example", rpID: "app.example", flags: present | verified}
	rand.Read(d.id)
	return d
}

// asked is what a page gives to the device.
type asked struct {
	PublicKey struct {
		Challenge string `json:"challenge"`
		RPID      string `json:"rpId"`
		User      struct {
			ID string `json:"id"`
		} `json:"user"`
		UserVerification string `json:"userVerification"`
		Allow            []struct {
			ID string `json:"id"`
		} `json:"allowCredentials"`
		Selection struct {
			ResidentKey      string `json:"residentKey"`
			UserVerification string `json:"userVerification"`
		} `json:"authenticatorSelection"`
	} `json:"publicKey"`
}

func read(t *testing.T, options []byte) (a asked) {
	t.Helper()
	if err := json.Unmarshal(options, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

func (d *device) client(kind, challenge string) []byte {
	if d.challenge != "" {
		challenge = d.challenge
	}
	b, _ := json.Marshal(map[string]any{"type": "webauthn." + kind, "challenge": challenge, "origin": d.origin, "crossOrigin": false})
	return b
}

func (d *device) data(flags byte) []byte {
	host := sha256.Sum256([]byte(d.rpID))
	return binary.BigEndian.AppendUint32(append(host[:], flags), d.count)
}

// create answers the question for a new passkey.
func (d *device) create(options []byte) []byte {
	d.t.Helper()
	a := read(d.t, options)
	id, err := base64.RawURLEncoding.DecodeString(a.PublicKey.User.ID)
	if err != nil {
		d.t.Fatal(err)
	}
	d.handle = string(id)
	point, err := d.key.PublicKey.Bytes() // 4, x, y
	if err != nil {
		d.t.Fatal(err)
	}
	auth := append(d.data(d.flags|0x40), make([]byte, 16)...)
	auth = binary.BigEndian.AppendUint16(auth, uint16(len(d.id)))
	auth = append(auth, d.id...)
	auth = append(auth, 0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32) // COSE: EC2, ES256, P-256
	auth = append(auth, point[1:33]...)
	auth = append(auth, 0x22, 0x58, 32)
	auth = append(auth, point[33:]...)
	object := append([]byte("\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58"), byte(len(auth)))
	return d.answer(map[string]any{"clientDataJSON": b64(d.client("create", a.PublicKey.Challenge)), "attestationObject": b64(append(object, auth...))})
}

// get answers the question for a proof.
func (d *device) get(options []byte) []byte {
	d.t.Helper()
	d.count++
	client, auth := d.client("get", read(d.t, options).PublicKey.Challenge), d.data(d.flags)
	told := sha256.Sum256(client)
	sum := sha256.Sum256(append(auth[:len(auth):len(auth)], told[:]...))
	sig, err := ecdsa.SignASN1(rand.Reader, d.key, sum[:])
	if err != nil {
		d.t.Fatal(err)
	}
	return d.answer(map[string]any{"clientDataJSON": b64(client), "authenticatorData": b64(auth), "signature": b64(sig), "userHandle": b64([]byte(d.handle))})
}

func (d *device) answer(response map[string]any) []byte {
	b, err := json.Marshal(map[string]any{"id": b64(d.id), "rawId": b64(d.id), "type": "public-key", "clientExtensionResults": map[string]any{}, "response": response})
	if err != nil {
		d.t.Fatal(err)
	}
	return b
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
