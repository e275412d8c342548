package whatsapp_test

import "testing"

// BenchmarkParse is the part of the accept path that belongs to the adapter.
func BenchmarkParse(b *testing.B) {
	body := messages(`{"from":"491713920012","from_user_id":"DE.84720193756201","id":"wamid.HBgMNDkxNzEzOTIwMDEyFQIAEhgUM0E3RjEwQzJEOTVFNEI4ODAxQUIA","timestamp":"1791273600","type":"audio",
 "audio":{"id":"1290456712340987","mime_type":"audio\/ogg; codecs=opus","sha256":"W9Kd\/UOqLFLDelBSgDRuV5rPNmZs3tkOjpz26QO2I3g=","voice":true}}`)
	h, c, raw := sign(body, appSecret), client(), []byte(body)
	b.ReportAllocs()
	for b.Loop() {
		if in, _, err := c.Parse(h, raw); err != nil || len(in) != 1 {
			b.Fatal(err)
		}
	}
}
