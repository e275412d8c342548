package store_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// refs are the ids that a call names, by the places of its parameters as idPlaces
// gives them; a name in lower case is another word that finds a row.
type refs map[string]string

// newRows are places of the id that the new row itself gets.
var newRows = map[string]bool{"SenderLink.ID": true, "LinkChallenge.Link": true, "LinkChallenge.By": true, "Invitation.By": true}

// words are methods whose plain text is no id; any other one's is.
var words = map[string]bool{
	"AddCustomerLink":  true, // the code
	"AddLinkChallenge": true, // the code
	"ChangeProfile":    true, // the act of the record

	"Dismiss":       true, // the reason
	"File":          true, // its name
	"FinishMessage": true, // the reason
	"Lease":         true, // the holder
	"ProveRecovery": true, // the code
	"PressFor":      true, // a button of the same firm's message
	"Release":       true, // the holder
	"SentAs":        true, // the provider's ids
	"SetReason":     true, // the reason
}

// noRefusal names where an id of another firm is no error, with the reason.
var noRefusal = map[string]string{
	"OpenCases SenderID":               "an empty list",
	"CustomerLinks CaseID":             "an empty list",
	"LastHeard SenderID":               "nothing was heard",
	"UnlinkSenders UserID":             "there is no such link to end",
	"CancelLink string":                "there is no such challenge to end",
	"Release SenderID":                 "there is no such lease to end",
	"FinishMessage Outgoing.Case":      "the outcome is that what was spoken of has gone",
	"Erase Outgoing.Sender":            "the erasure happens, nobody is told",
	"AddDocument Document.ID":          "Invalid: no number is reserved for it",
	"AddDocument Outgoing.ReplyTo":     "quoted where it still exists: looked up when it is sent",
	"AddDraft Draft.Entries":           "words of a sealed draft, looked up in the own book when they are shown",
	"AddDraft Outgoing.ReplyTo":        "quoted where it still exists: looked up when it is sent",
	"AddOut Outgoing.ReplyTo":          "quoted where it still exists: looked up when it is sent",
	"Dismiss Outgoing.ReplyTo":         "quoted where it still exists: looked up when it is sent",
	"Erase Outgoing.ReplyTo":           "quoted where it still exists: looked up when it is sent",
	"FinishMessage Outgoing.ReplyTo":   "quoted where it still exists: looked up when it is sent",
	"HoldForwarded Outgoing.ReplyTo":   "quoted where it still exists: looked up when it is sent",
	"DecideForwarded Outgoing.ReplyTo": "quoted where it still exists: looked up when it is sent",
	"SetReason Outgoing.ReplyTo":       "quoted where it still exists: looked up when it is sent",
	"StepUpWaits UserID":               "nobody waits for a code",
}

// idPlaces gives where a method of the store takes ids of a firm's rows: "CaseID", or
// "NewDraft.Message" for a field. What says who acts, and jobs, name no row to act on.
func idPlaces(m reflect.Method) []string {
	out := map[string]bool{}
	var look func(typ reflect.Type, place string, depth int)
	look = func(typ reflect.Type, place string, depth int) {
		for typ.Kind() == reflect.Slice {
			typ = typ.Elem()
		}
		switch _, isID := idTables[typ]; {
		case typ == reflect.TypeFor[string]() && place == "":
			out["string"] = !words[m.Name]
		case isID && place == "":
			out[typ.Name()] = true
		case isID:
			out[place] = !newRows[place]
		case typ == reflect.TypeFor[feierabend.Actor](), typ == reflect.TypeFor[feierabend.Job]():
		case typ.Kind() == reflect.Struct && depth < 4:
			for i := range typ.NumField() {
				look(typ.Field(i).Type, typ.Name()+"."+typ.Field(i).Name, depth+1)
			}
		}
	}
	for p := 3; p < m.Type.NumIn(); p++ {
		look(m.Type.In(p), "", 0)
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(out)), func(place string) bool { return !out[place] })
}

// TestForeignIsUnknown calls every method that takes ids with each of them replaced by
// one of the other firm, whose row is in the state in which the method would act, and
// by one that nobody has. The answers are the same to the letter, and the other firm's
// rows stay. That the method would act is shown by the other firm calling it. A method
// without a row here fails, and so does an id that its row leaves out.
func TestForeignIsUnknown(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		rows := foreignRows(st, clock)
		methods := map[string]reflect.Method{}
		for _, m := range tenantMethods(t, st) {
			places := idPlaces(m)
			if len(places) == 0 {
				continue
			}
			methods[m.Name] = m
			if _, ok := rows[m.Name]; !ok {
				t.Errorf("method %s takes %q and has no row in this test", m.Name, places)
			}
		}
		a, b := storetest.Seed(t, st)
		p := newPrinter(t, st)
		variants := 0
		for name, row := range rows {
			m, ok := methods[name]
			if !ok {
				t.Errorf("row %s without a method", name)
				continue
			}
			theirs := row.prepare(t, b)
			for _, place := range idPlaces(m) {
				if _, ok := theirs[place]; !ok {
					t.Errorf("%s: the row leaves out %s", name, place)
				}
			}
			before := p.of(t, b.Tenant.ID)
			for _, places := range subsets(theirs) {
				variants++
				foreign := mixed(row.prepare(t, a), theirs, places, func(p string) string { return theirs[p] })
				got, err := row.call(a, foreign)
				unknown := mixed(row.prepare(t, a), theirs, places, func(string) string { return feierabend.NewID() })
				want, werr := row.call(a, unknown)
				if feierabend.KindOf(err) != feierabend.KindOf(werr) || feierabend.CodeOf(err) != feierabend.CodeOf(werr) || feierabend.TextOf(err) != feierabend.TextOf(werr) || err == nil && !reflect.DeepEqual(got, want) {
					t.Errorf("%s with a foreign %s: %v, %v; unknown: %v, %v", name, strings.Join(places, " and "), got, err, want, werr)
				}
				if _, quiet := noRefusal[name+" "+strings.Join(places, " ")]; feierabend.KindOf(err) != feierabend.NotFound && !quiet {
					t.Errorf("%s with a foreign %s: %v, want not found", name, strings.Join(places, " and "), err)
				}
				if p.of(t, b.Tenant.ID) != before {
					t.Fatalf("%s with a foreign %s changed the other firm's rows", name, strings.Join(places, " and "))
				}
			}
			if _, err := row.call(b, theirs); err != nil {
				t.Errorf("%s by the firm itself: %v", name, err)
			}
			if acted := p.of(t, b.Tenant.ID) != before; acted == row.reads {
				t.Errorf("%s by the firm itself: rows changed %t, but it reads only: %t", name, acted, row.reads)
			}
		}
		t.Logf("%d methods, %d kinds of foreign ids", len(rows), variants)
	})
}

// isPlace tells a parameter's place from another word.
func isPlace(name string) bool { return strings.ToUpper(name[:1]) == name[:1] || name == "string" }

// subsets are the places to replace: each alone, and all at once.
func subsets(r refs) (out [][]string) {
	all := slices.DeleteFunc(slices.Sorted(maps.Keys(r)), func(name string) bool { return !isPlace(name) })
	for _, place := range all {
		out = append(out, []string{place})
	}
	if len(all) > 1 {
		out = append(out, all)
	}
	return out
}

// mixed replaces places of a firm's own refs; words go with the whole.
func mixed(own, theirs refs, places []string, from func(string) string) refs {
	for _, p := range places {
		own[p] = from(p)
	}
	for name := range own {
		if !isPlace(name) && len(places) > 1 {
			own[name] = theirs[name]
		}
	}
	return own
}

// foreignRow is how a method is called in TestForeignIsUnknown: prepare brings rows of
// a firm into the state in which call acts on them.
type foreignRow struct {
	reads   bool
	prepare func(*testing.T, storetest.Firm) refs
	call    func(storetest.Firm, refs) (any, error)
}

// done is the answer of a method that gives an error only.
func done(err error) (any, error) { return nil, err }

// gave is that of one that gives a value too.
func gave[T any](v T, err error) (any, error) { return v, err }
