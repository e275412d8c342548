package delivery

import (
	"strings"
	"testing"

	"feierabend"
)

// TestForwardedWords: the question offers both answers, every later word the other one,
// and a customer's note says whose words it holds and asks for nothing.
func TestForwardedWords(t *testing.T) {
	ob := feierabend.Outbox{Outgoing: feierabend.Outgoing{Sender: "bbbbbbbbbbbbbbbbbbbbbbbbbb", Case: testCase.ID}}
	for ref, want := range map[string][]string{
		commandForwarded: {"take:" + string(testCase.ID) + ":0", "drop:" + string(testCase.ID) + ":0"},
		commandDropped:   {"take:" + string(ob.Sender) + ":0"},
		commandTakes:     {"drop:" + string(ob.Sender) + ":0"},
		commandDrops:     {"take:" + string(ob.Sender) + ":0"},
	} {
		m, ok := testWords.forwarded(ref, ob)
		if !ok || len(m.Buttons) != len(want) {
			t.Fatalf("%s: %+v", ref, m)
		}
		for i, b := range m.Buttons {
			if parsed, ok := feierabend.ParseButton(b.ID); !ok || b.ID != want[i] || parsed.Act.Job() != feierabend.JobForwarded {
				t.Errorf("%s: button %q, want %q", ref, b.ID, want[i])
			}
		}
		m.To = "+491"
		if err := m.Check(); err != nil {
			t.Errorf("%s: %v", ref, err)
		}
	}
	if _, ok := testWords.forwarded(commandStatus, ob); ok {
		t.Error("takes every command")
	}
	d := feierabend.Draft{Kind: feierabend.KindNote, Customer: true, Tasks: []feierabend.Task{{Text: "Der Hahn tropft."}, {Text: "Frau Petersen", Kind: "call"}}}
	m := testWords.draft(testCase, version(d))
	for _, want := range []string{"*Nachricht eines Kunden*", "„Der Hahn tropft.“", "Anrufen: Frau Petersen"} {
		if !strings.Contains(m.Text, want) {
			t.Errorf("no %q in\n%s", want, m.Text)
		}
	}
	if len(m.Buttons) > 0 || strings.Contains(m.Text, "Aufgabe: Der") {
		t.Errorf("the customer's note: %+v", m)
	}
}
