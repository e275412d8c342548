package delivery

import (
	"context"
	"fmt"
	"time"

	"feierabend"
)

// Download records that a file was asked for (POST) and starts the countdown
// with the last file that the kind needs (J-31): ZUGFeRD the PDF, XRechnung the
// XML. The bytes are then a plain GET. A repeated download changes nothing in a
// countdown that runs.
func (s *Step) Download(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, id feierabend.DocumentID, file string) error {
	if !by.Role.MayIssue() {
		return notAllowed()
	}
	d, err := s.store.Document(ctx, t, id)
	if err != nil {
		return fmt.Errorf("load document %s: %w", id, err)
	}
	files, err := s.store.Files(ctx, t, id)
	if err != nil {
		return fmt.Errorf("list files of %s: %w", id, err)
	}
	found := false
	for _, f := range files {
		found = found || f.Name == file
	}
	if !found {
		return &feierabend.Error{
			Kind: feierabend.NotFound, Code: "file",
			Text: "Diese Datei gibt es zu dem Beleg nicht. Es ist nichts verändert. Bitte gehen Sie über die Seite des Vorgangs.",
			Err:  fmt.Errorf("document %s has no such file", id),
		}
	}
	var end time.Time
	if d.Completes(file) {
		if end, err = s.countdownEnd(ctx, t, d.Case); err != nil {
			return err
		}
	}
	if err := s.store.MarkDownloaded(ctx, t, id, by, end); err != nil {
		return fmt.Errorf("mark %s downloaded: %w", id, err)
	}
	return nil
}

// countdownEnd is when the countdown of a case ends: the running one's end, else
// now and the tenant's instruction; zero where that is day 30 only.
func (s *Step) countdownEnd(ctx context.Context, t feierabend.TenantID, id feierabend.CaseID) (time.Time, error) {
	c, err := s.store.Case(ctx, t, id)
	if err != nil {
		return time.Time{}, fmt.Errorf("load case %s: %w", id, err)
	}
	if !c.EraseAt.IsZero() {
		return c.EraseAt, nil
	}
	tenant, err := s.store.Tenant(ctx, t)
	if err != nil {
		return time.Time{}, fmt.Errorf("load tenant: %w", err)
	}
	return tenant.CountdownEnd(s.now()), nil
}

func notAllowed() error {
	return &feierabend.Error{
		Kind: feierabend.Unauthorized, Code: feierabend.ReasonNotAllowed,
		Text: "Herunterladen und anhalten dürfen in Ihrem Betrieb nur Inhaber und Büro. Der Beleg ist unverändert da. Bitte geben Sie dort kurz Bescheid.",
		Err:  fmt.Errorf("role may not download"),
	}
}
