package feierabend_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"feierabend"
)

func TestDraftWithout(t *testing.T) {
	said := func(m feierabend.MessageID) feierabend.Evidence {
		return feierabend.Evidence{Source: "said", Message: m, To: 5}
	}
	d := feierabend.Draft{
		Kind: feierabend.KindInvoice, Site: "Itzehoe", Lines: []feierabend.Line{{Text: "Siphon"}},
		Tasks:     []feierabend.Task{{Text: "Der Hahn tropft."}, {Text: "Siphon bestellen"}, {Text: "Bitte anrufen", Kind: "call"}, {Text: "Leiter mitnehmen"}},
		Questions: []string{"buyer.address", "tasks[2].due", "tasks[3].due"},
		Evidence: map[string]feierabend.Evidence{
			"tasks[0]": said("theirs"), "tasks[1]": said("ours"), "tasks[2].kind": said("theirs"), "tasks[3]": said("ours"), "tasks[9]": said("ours"),
			"lines[0]": said("ours"), "site": said("theirs"), "tasks[x]": said("ours"),
		},
	}
	words := d.Without(map[feierabend.MessageID]bool{"theirs": true})
	if diff := cmp.Diff([]string{"Der Hahn tropft.", "Bitte anrufen"}, words); diff != "" {
		t.Error(diff)
	}
	want := feierabend.Draft{
		Kind: feierabend.KindInvoice, Site: "Itzehoe", Lines: []feierabend.Line{{Text: "Siphon"}},
		Tasks:     []feierabend.Task{{Text: "Siphon bestellen"}, {Text: "Leiter mitnehmen"}},
		Questions: []string{"buyer.address", "tasks[1].due"},
		Evidence:  map[string]feierabend.Evidence{"tasks[0]": said("ours"), "tasks[1]": said("ours"), "lines[0]": said("ours"), "tasks[x]": said("ours")},
	}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Error(diff)
	}
	note := feierabend.Draft{
		Kind: feierabend.KindNote, Customer: true, Tasks: []feierabend.Task{{Text: "geändert"}, {Text: "eines anderen"}},
		Evidence: map[string]feierabend.Evidence{"tasks[0]": {Source: "answered"}, "tasks[1]": said("another")},
	}
	if words := note.Without(map[feierabend.MessageID]bool{"theirs": true}); len(words) != 1 || len(note.Tasks) != 1 || note.Tasks[0].Text != "eines anderen" {
		t.Errorf("a customer's note: %q, %+v", words, note)
	}
}
