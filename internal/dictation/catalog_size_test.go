package dictation_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/dictation"

	"github.com/google/go-cmp/cmp"
)

// pipes is a price list of so many items, each at the same price.
func pipes(n int, price int) (out []feierabend.PriceItem) {
	for i := range n {
		out = append(out, feierabend.PriceItem{Name: fmt.Sprintf("Kupferrohrbogen Typ %c%c %d mm", 'A'+i%26, 'a'+i/26%26, i+2), Kind: feierabend.LineMaterial, Unit: "H87", Price: feierabend.Dec(price)})
	}
	out[0].Name = "Eckventil"
	return out
}

func pipeNote(list []feierabend.PriceItem, lists *dictation.Lists) dictation.Input {
	return dictation.Input{
		Text: "Rechnung für Frau Petersen. Gestern zwei Eckventile eingebaut, anderthalb Stunden Arbeit und die Anfahrt.",
		At:   time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC), Lists: lists,
		Profile: feierabend.Profile{VATScheme: feierabend.SchemeStandard, VATRate: feierabend.Dec(19), PriceList: list},
	}
}

// TestLists: a list that was made ready before gives the same draft as one made anew; one
// changed value of it is another list at once, also between two firms that read at once,
// and after more lists than are kept.
func TestLists(t *testing.T) {
	var lists dictation.Lists
	rate := feierabend.Dec(7)
	changes := map[string]func(*feierabend.PriceItem){
		"nothing": func(*feierabend.PriceItem) {},
		"name":    func(i *feierabend.PriceItem) { i.Name = "Wanne" },
		"price":   func(i *feierabend.PriceItem) { i.Price = feierabend.Dec(9) },
		"unit":    func(i *feierabend.PriceItem) { i.Unit = "MTR" },
		"kind":    func(i *feierabend.PriceItem) { i.Kind = feierabend.LineLump },
		"rate":    func(i *feierabend.PriceItem) { i.VAT = &rate },
		"alias":   func(i *feierabend.PriceItem) { i.Name, i.Aliases = "Wanne", []string{"Eckventil"} },
	}
	var wait sync.WaitGroup
	for range 2 {
		for name, change := range changes {
			wait.Go(func() {
				list := pipes(40, 7)
				change(&list[0])
				want := dictation.Draft(pipeNote(list, nil))
				if diff := cmp.Diff(want, dictation.Draft(pipeNote(list, &lists))); diff != "" {
					t.Errorf("%s: %s", name, diff)
				}
			})
		}
		for price := range 20 {
			wait.Go(func() {
				d := dictation.Draft(pipeNote(pipes(2, price+1), &lists))
				if !slices.ContainsFunc(d.Lines, func(l feierabend.Line) bool {
					return l.Kind == feierabend.LineMaterial && l.Price != nil && *l.Price == feierabend.Dec(price+1)
				}) {
					t.Errorf("price %d: %+v", price+1, d.Lines)
				}
			})
		}
		wait.Wait()
	}
}

// BenchmarkBigList reads one note with the largest price list, made ready anew and before.
func BenchmarkBigList(b *testing.B) {
	list := pipes(5000, 7)
	for name, lists := range map[string]*dictation.Lists{"anew": nil, "ready": {}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				dictation.Draft(pipeNote(list, lists))
			}
		})
	}
}
