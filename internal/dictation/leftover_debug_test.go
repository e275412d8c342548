package dictation

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"feierabend"
)

func TestLeftDebug(t *testing.T) {
	if os.Getenv("LEFT") == "" {
		return
	}
	var profs map[string]feierabend.Profile
	b, _ := os.ReadFile("../../test/eval/profiles.json")
	if err := json.Unmarshal(b, &profs); err != nil {
		t.Fatal(err)
	}
	for _, n := range []string{"dev", "own", "blind"} {
		f, _ := os.Open("../../test/eval/cases-" + n + ".jsonl")
		s := bufio.NewScanner(f)
		s.Buffer(nil, 1<<22)
		for s.Scan() {
			var c struct {
				ID, Profile, Transcript, Text string
				Said, At                       string
			}
			json.Unmarshal(s.Bytes(), &c)
			at, _ := time.Parse(time.RFC3339, c.At)
			e := newEngine(Input{Text: c.Text, Profile: profs[c.Profile], At: at})
			e.read("")
			if !e.d.Kind.Priced() && e.d.Kind != "" && e.d.Kind != feierabend.KindWorkReport {
				continue
			}
			for _, x := range e.leftovers() {
				a, b := e.sentence(x.i)
				fmt.Println(n, c.ID, e.d.Kind, x.k, "[", e.original(x.i, x.j), "]", e.original(a, min(b, len(e.t))))
			}
		}
	}
}
