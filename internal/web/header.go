package web

import "net/http"

// policy gives the content security policy of a class (WEB-02, FILE-03).
// media-src is for the sound of a tapped value (day-one decision 12).
func policy(c class, nonce string) string {
	switch c {
	case classPage, classRecorder:
		return "default-src 'none'; script-src 'nonce-" + nonce + "'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
			"media-src 'self' blob:; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; " +
			"require-trusted-types-for 'script'; trusted-types htmx"
	case classFile:
		return "default-src 'none'; frame-ancestors 'none'; sandbox"
	}
	return "default-src 'none'; frame-ancestors 'none'"
}

// setHeaders writes the headers that every answer has, errors included (WEB-03).
func (s *server) setHeaders(w http.ResponseWriter, v *visit) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy(v.class, v.nonce))
	h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	microphone := "()"
	if v.class == classRecorder {
		microphone = "(self)"
	}
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone="+microphone+", payment=(), usb=()")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Request-Id", v.id)
}
