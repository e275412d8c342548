package simulator

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
)

// TestASCII: the body of the published test vector, as Meta escapes it.
func TestASCII(t *testing.T) {
	got := string(ascii(map[string]any{"t": "Müller / Grüße 👍 <&>\u2028"}))
	if want := `{"t":"M\u00fcller \/ Gr\u00fc\u00dfe \ud83d\udc4d <&>\u2028"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	var back map[string]string
	if err := json.Unmarshal([]byte(got), &back); err != nil || back["t"] != "Müller / Grüße 👍 <&>\u2028" {
		t.Errorf("back %q, %v", back, err)
	}
}

// TestWamid: the byte layout of real ids.
func TestWamid(t *testing.T) {
	p := newPhone(Person{Phone: "+491713920012"})
	for in, mark := range map[bool]byte{true: 0x12, false: 0x11} {
		b, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(p.wamid(in), "wamid."))
		if err != nil {
			t.Fatal(err)
		}
		head := "\x1c\x18\x0c491713920012\x15\x02\x00" + string(mark) + "\x18"
		if !strings.HasPrefix(string(b), head) || b[len(b)-1] != 0 || int(b[len(head)]) != len(b)-len(head)-2 {
			t.Errorf("inbound %v: %q", in, b)
		}
	}
}

func TestSpans(t *testing.T) {
	for line, want := range map[string]string{
		"*fett* und _kursiv_":               "[b:fett] und [i:kursiv]",
		"2*3*4":                             "2*3*4",
		"* kein * fett":                     "* kein * fett",
		"*RE-1* · (*x*)":                    "[b:RE-1] · ([b:x])",
		"snake_case_name":                   "snake_case_name",
		"siehe https://a.example/b_c_d.":    "siehe [l:https://a.example/b_c_d].",
		"*Hilfe · Status · Stopp*":          "[b:Hilfe · Status · Stopp]",
		"javascript:alert(1)":               "javascript:alert(1)",
		"(https://a.example/x) *y*":         "([l:https://a.example/x]) [b:y]",
		`https://a.example/"onclick=x`:      `[l:https://a.example/]"onclick=x`,
		"*a_":                               "*a_",
		"":                                  "",
		"ein *Wort* und noch *ein anderes*": "ein [b:Wort] und noch [b:ein anderes]",
	} {
		var b strings.Builder
		for _, s := range spans(line) {
			switch {
			case s.Link != "":
				b.WriteString("[l:" + s.Link + "]")
			case s.Bold:
				b.WriteString("[b:" + s.Text + "]")
			case s.Italic:
				b.WriteString("[i:" + s.Text + "]")
			default:
				b.WriteString(s.Text)
			}
		}
		if b.String() != want {
			t.Errorf("%q: %q, want %q", line, b.String(), want)
		}
	}
}
