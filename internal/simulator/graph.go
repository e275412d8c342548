package simulator

import (
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// graphTitles are the titles of error codes that the simulator gives.
var graphTitles = map[int]string{
	2:      "Service temporarily unavailable",
	100:    "Invalid parameter",
	190:    "Access token has expired",
	131000: "Something went wrong",
	131008: "Required parameter is missing",
	131009: "Parameter value is not valid",
	131026: "Message undeliverable",
	131047: "Re-engagement message",
	131051: "Unsupported message type",
	131053: "Media upload error",
	131056: "Pair rate limit hit",
	2635:   "You are calling a deprecated version of the API",
}

// graphFault is an error answer of the Graph API.
type graphFault struct {
	status, code, subcode int
	details               string
}

func (f *graphFault) write(w http.ResponseWriter) {
	title := graphTitles[f.code]
	e := map[string]any{
		"message": "(#" + strconv.Itoa(f.code) + ") " + title, "type": "OAuthException", "code": f.code,
		"error_data": map[string]any{"messaging_product": "whatsapp", "details": f.details}, "fbtrace_id": "A" + randomHex(10),
	}
	if f.subcode != 0 {
		e["error_subcode"], e["type"] = f.subcode, "GraphMethodException"
	}
	if f.code == 2 {
		e["is_transient"] = true
	}
	writeJSON(w, f.status, map[string]any{"error": e})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}

// gone is the answer to an unknown or expired object.
func gone(id string) *graphFault {
	return &graphFault{400, 100, 33, "Unsupported get request. Object with ID '" + id + "' does not exist, cannot be loaded due to missing permissions, or does not support this operation."}
}

// graph wraps a handler of the Graph API: version, token, and the faults that
// concern every call.
func (s *Simulator) graph(h func(http.ResponseWriter, *http.Request) *graphFault) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f := s.Faults()
		var fault *graphFault
		switch {
		case !version(r.PathValue("version")):
			fault = &graphFault{400, 2635, 0, "Unknown or ended version"}
		case f.Revoked || !s.bearer(r):
			fault = &graphFault{401, 190, 0, "Error validating access token"}
		case f.GraphBusy:
			fault = &graphFault{503, 2, 0, "Service temporarily unavailable"}
		default:
			fault = h(w, r)
		}
		if fault != nil {
			s.mu.Lock()
			s.note("← " + strings.ToLower(r.Method) + ", Fehler " + itoa(fault.code))
			s.signal()
			s.mu.Unlock()
			fault.write(w)
		}
	}
}

// version takes the versions that are valid as of November 2026.
func version(v string) bool {
	switch v {
	case "v21.0", "v22.0", "v23.0", "v24.0", "v25.0", "v26.0":
		return true
	}
	return false
}

func (s *Simulator) bearer(r *http.Request) bool {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return ok && subtle.ConstantTimeCompare([]byte(token), []byte(s.o.Token)) == 1
}

// graphObject is GET /{version}/{id}: the business number or a media file.
func (s *Simulator) graphObject(w http.ResponseWriter, r *http.Request) *graphFault {
	id := r.PathValue("id")
	if id == s.o.PhoneNumberID {
		writeJSON(w, 200, map[string]any{
			"id": id, "display_phone_number": s.o.Number, "verified_name": "Feierabend", "quality_rating": "GREEN",
			"status": "CONNECTED", "platform_type": "CLOUD_API", "code_verification_status": "VERIFIED", "name_status": "APPROVED",
		})
		return nil
	}
	return s.graphMedia(w, r, id)
}
