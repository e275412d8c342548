package invoicing

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"feierabend"
	"feierabend/internal/einvoice"
)

// store is what the step asks of the database.
type store interface {
	Case(ctx context.Context, t feierabend.TenantID, c feierabend.CaseID) (feierabend.Case, error)
	Draft(ctx context.Context, t feierabend.TenantID, c feierabend.CaseID) (feierabend.DraftVersion, error)
	Profile(ctx context.Context, t feierabend.TenantID) (feierabend.Profile, error)
	ReserveNumber(ctx context.Context, t feierabend.TenantID, c feierabend.CaseID, s feierabend.Series) (number string, doc feierabend.DocumentID, err error)
	AddDocument(ctx context.Context, t feierabend.TenantID, d feierabend.NewDocument, next ...feierabend.Job) error
	CaseDocument(ctx context.Context, t feierabend.TenantID, c feierabend.CaseID) (feierabend.Document, error)
	Message(ctx context.Context, t feierabend.TenantID, m feierabend.MessageID) (feierabend.Message, error)
	Member(ctx context.Context, t feierabend.TenantID, u feierabend.UserID) (feierabend.Membership, error)
	Logo(ctx context.Context, t feierabend.TenantID) (feierabend.Logo, error)
	FinishMessage(ctx context.Context, t feierabend.TenantID, m feierabend.MessageID, state feierabend.MessageState, reason string, out ...feierabend.Outgoing) error
}

// renderer sets a document as PDF with the XML inside (pdf.Renderer).
type renderer interface {
	Render(d feierabend.Document, xml []byte) ([]byte, error)
}

// Options are the step's dependencies.
type Options struct {
	Store    store
	Renderer renderer
	Now      func() time.Time
	Zone     *time.Location // in which the day of issue counts: Europe/Berlin; nil = UTC
}

// Step issues documents.
type Step struct {
	store    store
	renderer renderer
	now      func() time.Time
	zone     *time.Location
}

// New makes the step.
func New(o Options) *Step {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	return &Step{o.Store, o.Renderer, o.Now, o.Zone}
}

// Issue makes the document of a case from the draft version that the person has
// seen: number, XML, PDF, check, one transaction. A newer version is a Conflict
// (code draft_version), a role that may not issue Unauthorized. A second call for
// an issued case gives its document. A draft that cannot be issued takes no number.
func (s *Step) Issue(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, c feierabend.CaseID, version int) (feierabend.Document, error) {
	return s.issue(ctx, by, t, c, version, feierabend.Message{})
}

func (s *Step) issue(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, c feierabend.CaseID, version int, asked feierabend.Message) (feierabend.Document, error) {
	var none feierabend.Document
	if !by.Role.MayIssue() {
		return none, &feierabend.Error{Kind: feierabend.Unauthorized, Code: feierabend.ReasonNotAllowed, Text: feierabend.ReasonText(feierabend.ReasonNotAllowed)}
	}
	entry, err := s.store.Case(ctx, t, c)
	if err != nil {
		return none, fmt.Errorf("load case %s: %w", c, err)
	}
	if entry.State == feierabend.CaseIssued || entry.State == feierabend.CaseDownloaded {
		return s.store.CaseDocument(ctx, t, c)
	}
	draft, err := s.store.Draft(ctx, t, c)
	if err != nil {
		return none, fmt.Errorf("load draft of case %s: %w", c, err)
	}
	if draft.Version != version {
		return none, &feierabend.Error{
			Kind: feierabend.Conflict, Code: "draft_version",
			Text: "Der Entwurf hat sich geändert, seit Sie ihn gesehen haben. Ausgestellt ist nichts; bitte sehen Sie die neue Fassung an.",
		}
	}
	profile, err := s.store.Profile(ctx, t)
	if err != nil {
		return none, fmt.Errorf("load profile: %w", err)
	}
	now := s.now().In(s.zone)
	if _, err := s.check(draft.Draft, profile, "0", now); err != nil { // before a number is taken
		return none, factsFirst(err, draft.Draft, profile)
	}
	if needed := neededFacts(draft.Draft, profile); len(needed) > 0 { // e.g. register and manager of a GmbH
		return none, errFacts(needed)
	}
	number, id, err := s.store.ReserveNumber(ctx, t, c, feierabend.SeriesOf(draft.Draft.Kind, now))
	if err != nil {
		return none, fmt.Errorf("reserve number for case %s: %w", c, err)
	}
	d, err := s.check(draft.Draft, profile, number, now)
	if err != nil {
		return none, err
	}
	d.ID, d.Case = id, c
	switch logo, err := s.store.Logo(ctx, t); {
	case err == nil:
		d.Logo = &logo
	case !gone(err):
		return none, fmt.Errorf("load logo: %w", err)
	}
	files, err := s.files(d)
	if err != nil {
		return none, err
	}
	return s.add(ctx, t, by, entry, version, d, files, asked)
}

// check makes the document and refuses it where our own rules find an error.
func (s *Step) check(dr feierabend.Draft, p feierabend.Profile, number string, now time.Time) (feierabend.Document, error) {
	d, err := FromDraft(dr, p, number, now)
	if err != nil {
		return d, err
	}
	return d, findingError(einvoice.Check(d))
}

// files renders the PDF with the XML inside and the XML alone.
func (s *Step) files(d feierabend.Document) ([]feierabend.File, error) {
	xml, err := einvoice.CII(d)
	if err != nil {
		return nil, fmt.Errorf("write XML of document %s: %w", d.ID, err)
	}
	page, err := s.renderer.Render(d, xml)
	if err != nil {
		return nil, fmt.Errorf("render document %s: %w", d.ID, err)
	}
	return []feierabend.File{
		{Name: d.Number + ".pdf", Type: "application/pdf", SHA256: sha256.Sum256(page), Bytes: page},
		{Name: d.Number + ".xml", Type: "application/xml", SHA256: sha256.Sum256(xml), Bytes: xml},
	}, nil
}

// add stores everything at once. Where somebody else was faster with the same
// case, the document that exists is the answer.
func (s *Step) add(ctx context.Context, t feierabend.TenantID, by feierabend.Actor, entry feierabend.Case, version int, d feierabend.Document, files []feierabend.File, asked feierabend.Message) (feierabend.Document, error) {
	n := feierabend.NewDocument{Document: d, Version: version, Files: files, By: by, Summary: entry.Summary, Message: asked.ID}
	n.Summary.Number, n.Summary.Net, n.Summary.Gross, n.Summary.Partial, n.Summary.Questions = d.Number, &d.Sums.Net, &d.Sums.Gross, false, 0
	sender, reply := entry.Sender, feierabend.MessageID("")
	if asked.ID != "" {
		sender, reply = asked.Sender.ID, asked.ID
	}
	if sender != "" { // the chat gets the file, whichever way it was issued
		n.Out = []feierabend.Outgoing{{Sender: sender, Case: entry.ID, Kind: feierabend.OutDocument, Ref: string(d.ID), ReplyTo: reply}}
	}
	err := s.store.AddDocument(ctx, t, n)
	if feierabend.CodeOf(err) == "already_issued" {
		return s.store.CaseDocument(ctx, t, entry.ID)
	}
	if err != nil {
		return feierabend.Document{}, fmt.Errorf("store document %s: %w", d.ID, err)
	}
	return d, nil
}

// Press works off the button „Ausstellen“ (JobIssue: a message). What cannot be
// issued is told to the sender; a case that is gone is told as gone.
func (s *Step) Press(ctx context.Context, j feierabend.Job) error {
	t, err := feierabend.ParseTenantID(j.Tenant)
	if err != nil {
		return feierabend.Permanent(err)
	}
	m, err := s.store.Message(ctx, t, feierabend.MessageID(j.Ref))
	switch {
	case gone(err):
		return nil
	case err != nil:
		return fmt.Errorf("load message %s: %w", j.Ref, err)
	case m.State == feierabend.MessageDone || m.State == feierabend.MessageFailed:
		return nil // done by an earlier run
	}
	b, ok := feierabend.ParseButton(m.Button)
	if !ok || b.Act != feierabend.ActIssue {
		return s.refuse(ctx, m, "", feierabend.ReasonStale)
	}
	member, err := s.store.Member(ctx, t, m.Sender.User)
	if err != nil && !gone(err) {
		return fmt.Errorf("look up member: %w", err)
	}
	by := feierabend.Actor{User: m.Sender.User, Role: member.Role, Via: feierabend.ViaChat}
	_, err = s.issue(ctx, by, t, b.Case, b.Version, m)
	if err == nil {
		return s.finish(ctx, m)
	}
	if feierabend.CodeOf(err) == "message_done" {
		return nil
	}
	var e *feierabend.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Kind {
	case feierabend.NotFound, feierabend.Gone:
		return s.refuse(ctx, m, "", feierabend.ReasonGone)
	case feierabend.Unauthorized:
		return s.refuse(ctx, m, b.Case, feierabend.ReasonNotAllowed)
	case feierabend.Conflict:
		return s.refuse(ctx, m, b.Case, feierabend.ReasonStale)
	case feierabend.Invalid:
		if e.Code == "missing_facts" {
			return s.refuse(ctx, m, b.Case, feierabend.ReasonFacts)
		}
		return s.refuse(ctx, m, b.Case, feierabend.ReasonIncomplete)
	}
	if e.Code == "sums_differ" { // no retry mends it
		return errors.Join(s.refuse(ctx, m, b.Case, feierabend.ReasonIncomplete), feierabend.Permanent(err))
	}
	return err
}

// finish closes a press that found the case issued already; where the press
// itself issued it, the store has closed it and says so.
func (s *Step) finish(ctx context.Context, m feierabend.Message) error {
	err := s.store.FinishMessage(ctx, m.Tenant, m.ID, feierabend.MessageDone, feierabend.ReasonAnswered)
	if err == nil || gone(err) || feierabend.CodeOf(err) == "message_done" {
		return nil
	}
	return fmt.Errorf("finish message %s: %w", m.ID, err)
}

func (s *Step) refuse(ctx context.Context, m feierabend.Message, c feierabend.CaseID, reason string) error {
	err := s.store.FinishMessage(ctx, m.Tenant, m.ID, feierabend.MessageFailed, reason, feierabend.Outgoing{
		Sender: m.Sender.ID, Case: c, Kind: feierabend.OutFailed, Ref: reason, ReplyTo: m.ID,
	})
	if err == nil || gone(err) || feierabend.CodeOf(err) == "message_done" {
		return nil
	}
	return fmt.Errorf("finish message %s: %w", m.ID, err)
}

// gone says that the thing is erased or never was: for a job that is success.
func gone(err error) bool {
	k := feierabend.KindOf(err)
	return k == feierabend.NotFound || k == feierabend.Gone
}
