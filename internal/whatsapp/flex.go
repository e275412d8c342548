package whatsapp

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// flexString reads a JSON string or number as text; anything else is "".
// Meta sends some ids as numbers, and timestamps as either.
type flexString string

// UnmarshalJSON never fails: a value of another type reads as "".
func (s *flexString) UnmarshalJSON(b []byte) error {
	*s = ""
	b = bytes.TrimSpace(b)
	if len(b) == 0 {
		return nil
	}
	switch {
	case b[0] == '"':
		var v string
		if json.Unmarshal(b, &v) == nil {
			*s = flexString(v)
		}
	case b[0] == '-' || b[0] >= '0' && b[0] <= '9':
		*s = flexString(b)
	}
	return nil
}

// flexInt reads a JSON number or a string of digits; anything else is 0.
type flexInt int64

// UnmarshalJSON never fails: a value of another type reads as 0.
func (i *flexInt) UnmarshalJSON(b []byte) error {
	*i = 0
	var s flexString
	s.UnmarshalJSON(b)
	t := strings.TrimSpace(string(s))
	if n, err := strconv.ParseInt(t, 10, 64); err == nil {
		*i = flexInt(n)
	} else if f, err := strconv.ParseFloat(t, 64); err == nil && math.Abs(f) < 1<<53 {
		*i = flexInt(f)
	}
	return nil
}

// flexBool reads true, "true", 1 and "1"; anything else is false.
type flexBool bool

// UnmarshalJSON never fails: a value of another type reads as false.
func (t *flexBool) UnmarshalJSON(b []byte) error {
	s := string(bytes.Trim(bytes.TrimSpace(b), `"`))
	*t = s == "true" || s == "1"
	return nil
}

// list gives the elements of a JSON array; anything else has none.
func list(raw json.RawMessage) []json.RawMessage {
	var l []json.RawMessage
	if json.Unmarshal(raw, &l) != nil {
		return nil
	}
	return l
}

// object decodes a JSON object into v and says whether it was one.
func object(raw json.RawMessage, v any) bool {
	b := bytes.TrimSpace(raw)
	return len(b) > 0 && b[0] == '{' && json.Unmarshal(b, v) == nil
}
