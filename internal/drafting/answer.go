package drafting

import (
	"context"
	"fmt"

	"feierabend"
)

// Answer changes a draft from a page: path as in Draft.Questions (or any other
// path of set.go), value as typed or a choice code. It gives the new version.
//
// A value that cannot be read is Invalid with a German text, another newest
// version is Conflict; both leave the draft as it is.
func (s *Step) Answer(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, id feierabend.CaseID, version int, path, value string) (int, error) {
	c, err := s.store.Case(ctx, t, id)
	if err != nil {
		return 0, fmt.Errorf("load case %s: %w", id, err)
	}
	if may, err := s.may(ctx, by, c); err != nil {
		return 0, err
	} else if !may {
		return 0, &feierabend.Error{
			Kind: feierabend.Unauthorized, Code: feierabend.ReasonNotAllowed,
			Text: "Diesen Vorgang dürfen nur Inhaber, Büro oder wer ihn diktiert hat ändern. Er ist unverändert. Bitte geben Sie dort kurz Bescheid.",
			Err:  fmt.Errorf("role may not answer in %s", id),
		}
	}
	v, err := s.store.Draft(ctx, t, id)
	if err != nil {
		return 0, fmt.Errorf("load draft of %s: %w", id, err)
	}
	if c.State == feierabend.CaseIssued || c.State == feierabend.CaseDownloaded {
		return 0, &feierabend.Error{
			Kind: feierabend.Conflict, Code: "issued",
			Text: "Dazu ist schon ein Beleg ausgestellt, der Entwurf lässt sich nicht mehr ändern. Der Beleg ist unverändert da.",
			Err:  fmt.Errorf("case %s is %s", id, c.State),
		}
	}
	if v.Version != version {
		return 0, conflict(id, version, v.Version)
	}
	p, book, err := s.profile(ctx, t)
	if err != nil {
		return 0, err
	}
	ed := s.edit(v.Draft, p, book, s.now(), origin{})
	if err := ed.set(path, value); err != nil {
		return 0, err
	}
	d := ed.done()
	if err := s.keepScheme(ctx, by, t, v.Draft, d, &p); err != nil {
		return 0, err
	}
	n, err := s.store.AddDraft(ctx, t, feierabend.NewDraft{
		Case: id, Base: v.Version, Draft: d, By: by, Engine: enginePerson, State: stateOf(d),
		Summary: s.summaryAfter([]feierabend.Case{c}, id, d, p), Entry: used(book, v.Draft, d),
	})
	if entryGone(err) {
		return 0, bad(path, "entry_gone", textEntryGone)
	}
	if feierabend.KindOf(err) == feierabend.Conflict {
		return 0, conflict(id, version, v.Version+1)
	}
	if err != nil {
		return 0, fmt.Errorf("add draft to %s: %w", id, err)
	}
	return n, nil
}

func conflict(id feierabend.CaseID, had, newest int) error {
	return &feierabend.Error{
		Kind: feierabend.Conflict, Code: "draft_version",
		Text: "Der Entwurf hat sich geändert, während Sie ihn vor sich hatten, etwa durch eine Nachricht im Chat. Ihre Eingabe ist noch nicht übernommen. Bitte sehen Sie sich die neue Fassung an und tragen Sie sie dort ein.",
		Err:  fmt.Errorf("case %s: version %d is not the newest, %d", id, had, newest),
	}
}
