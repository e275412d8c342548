package store

import (
	"context"
	"crypto/sha256"
	"time"

	"feierabend"
)

// maxFile is the largest file of a document: a letter of hundreds of lines stays
// below 1 MB, and a file is one row (design §3).
const maxFile = 1 << 20

// fileHead is the sealed part of a file that lists need: its name holds the number.
type fileHead struct {
	Name   string   `json:"name"`
	Type   string   `json:"type"`
	SHA256 [32]byte `json:"sha256"`
}

// AddDocument stores an issued document with its files under the number that was
// reserved for the case; the case becomes issued, the message (if any) done.
// Conflict: "already_issued", "draft_version" or "message_done". A file above 1 MB
// is Invalid "file_size".
func (s *Store) AddDocument(ctx context.Context, tenant feierabend.TenantID, n feierabend.NewDocument, next ...feierabend.Job) error {
	d := n.Document
	if tenant.IsZero() || d.Case == "" || d.ID == "" || d.Number == "" || len(n.Files) == 0 {
		return invalid("document")
	}
	for _, f := range n.Files {
		if len(f.Bytes) == 0 || len(f.Bytes) > maxFile || f.Name == "" {
			return invalid("file_size")
		}
	}
	return s.update(ctx, tenant, func(t tx) error {
		c, err := s.lockCase(ctx, t, tenant, d.Case)
		if err != nil {
			return err
		}
		if err := mayChange(c, n.Version); err != nil {
			return err
		}
		at := micros(s.now())
		ledger, err := t.exec(ctx, `UPDATE number_ledger SET issued_at = $5 WHERE tenant_id = $1 AND case_id = $2 AND document_id = $3 AND number = $4`,
			tenant.String(), d.Case, d.ID, d.Number, at)
		if err != nil {
			return err
		}
		if ledger != 1 {
			return invalid("document_number")
		}
		body, err := c.sealJSON(kindDocument, string(d.ID), 0, d)
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `INSERT INTO document(tenant_id, id, case_id, version, at, body) VALUES($1, $2, $3, $4, $5, $6)`,
			tenant.String(), d.ID, d.Case, n.Version, at, body); err != nil {
			return err
		}
		if err := addFiles(ctx, t, c, d.ID, n.Files); err != nil {
			return err
		}
		if err := c.setSummary(n.Summary); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE cases SET state = $3, changed_at = $4, summary = $5, attention = '' WHERE tenant_id = $1 AND id = $2`,
			tenant.String(), d.Case, feierabend.CaseIssued, at, c.summary); err != nil {
			return err
		}
		if err := s.finishOnce(ctx, t, tenant, n.Message, feierabend.ReasonAnswered); err != nil {
			return err
		}
		if err := s.addOut(ctx, t, tenant, n.Out); err != nil {
			return err
		}
		if err := s.record(ctx, t, tenant.String(), n.By, "document.issued", string(d.ID)); err != nil {
			return err
		}
		return t.enqueue(ctx, next)
	})
}

func addFiles(ctx context.Context, t tx, c caseRow, id feierabend.DocumentID, files []feierabend.File) error {
	for i, f := range files {
		head, err := c.sealJSON(kindFileHead, string(id), i, fileHead{f.Name, f.Type, sha256.Sum256(f.Bytes)})
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `INSERT INTO document_file(tenant_id, document_id, seq, bytes, head, body) VALUES($1, $2, $3, $4, $5, $6)`,
			c.vault.tenant, id, i, len(f.Bytes), head, c.seal(kindFile, string(id), i, f.Bytes)); err != nil {
			return err
		}
	}
	return nil
}

// Document gives an issued document.
func (s *Store) Document(ctx context.Context, tenant feierabend.TenantID, id feierabend.DocumentID) (feierabend.Document, error) {
	return s.document(ctx, tenant, `SELECT id, case_id, body FROM document WHERE tenant_id = $1 AND id = $2`, string(id))
}

// CaseDocument gives the document of a case; NotFound until it is issued.
func (s *Store) CaseDocument(ctx context.Context, tenant feierabend.TenantID, id feierabend.CaseID) (feierabend.Document, error) {
	return s.document(ctx, tenant, `SELECT id, case_id, body FROM document WHERE tenant_id = $1 AND case_id = $2`, string(id))
}

func (s *Store) document(ctx context.Context, tenant feierabend.TenantID, text, id string) (d feierabend.Document, err error) {
	if tenant.IsZero() {
		return d, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		c, doc, body, err := s.documentRow(ctx, q, tenant, text, id)
		if err != nil {
			return err
		}
		return c.openJSON(kindDocument, string(doc), 0, body, &d)
	})
	return d, err
}

func (s *Store) documentRow(ctx context.Context, q querier, tenant feierabend.TenantID, text, id string) (c caseRow, doc feierabend.DocumentID, body []byte, err error) {
	var in feierabend.CaseID
	err = q.queryRow(ctx, text, tenant.String(), id).Scan(&doc, &in, &body)
	if absent(err) {
		err = notFound("document")
	}
	if err != nil {
		return c, doc, nil, err
	}
	c, err = s.liveCase(ctx, q, tenant, in)
	return c, doc, body, err
}

const documentByID = `SELECT id, case_id, body FROM document WHERE tenant_id = $1 AND id = $2`

// Files gives the files of a document without their bytes.
func (s *Store) Files(ctx context.Context, tenant feierabend.TenantID, id feierabend.DocumentID) (out []feierabend.File, err error) {
	if tenant.IsZero() {
		return nil, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		c, _, _, err := s.documentRow(ctx, q, tenant, documentByID, string(id))
		if err != nil {
			return err
		}
		out, err = files(ctx, q, c, id)
		return err
	})
	return out, err
}

// files gives the heads in the order in which the files were added.
func files(ctx context.Context, q querier, c caseRow, id feierabend.DocumentID) ([]feierabend.File, error) {
	return collect(ctx, q, func(r row) (f feierabend.File, err error) {
		var seq int
		var sealed []byte
		if err := r.Scan(&seq, &sealed); err != nil {
			return f, err
		}
		var h fileHead
		err = c.openJSON(kindFileHead, string(id), seq, sealed, &h)
		f.Name, f.Type, f.SHA256 = h.Name, h.Type, h.SHA256
		return f, err
	}, `SELECT seq, head FROM document_file WHERE tenant_id = $1 AND document_id = $2 ORDER BY seq`, c.vault.tenant, id)
}

// File gives one file by its name, with its bytes.
func (s *Store) File(ctx context.Context, tenant feierabend.TenantID, id feierabend.DocumentID, name string) (out feierabend.File, err error) {
	if tenant.IsZero() {
		return out, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		c, _, _, err := s.documentRow(ctx, q, tenant, documentByID, string(id))
		if err != nil {
			return err
		}
		heads, err := files(ctx, q, c, id)
		if err != nil {
			return err
		}
		for seq, h := range heads {
			if h.Name != name {
				continue
			}
			var sealed []byte
			if err := q.queryRow(ctx, `SELECT body FROM document_file WHERE tenant_id = $1 AND document_id = $2 AND seq = $3`, tenant.String(), id, seq).Scan(&sealed); err != nil {
				return err
			}
			out = h
			out.Bytes, err = c.open(kindFile, string(id), seq, sealed)
			return err
		}
		return notFound("file")
	})
	return out, err
}

// MarkDownloaded notes the request for the last file that the kind needs (J-31).
// The countdown starts unless it runs or was stopped; zero eraseAt starts none.
func (s *Store) MarkDownloaded(ctx context.Context, tenant feierabend.TenantID, id feierabend.DocumentID, by feierabend.Actor, eraseAt time.Time) error {
	return s.onDocument(ctx, tenant, id, func(t tx, c caseRow) error {
		return s.downloaded(ctx, t, c, id, by, eraseAt, "document.downloaded")
	})
}

func (s *Store) downloaded(ctx context.Context, t tx, c caseRow, id feierabend.DocumentID, by feierabend.Actor, eraseAt time.Time, act string) error {
	if c.EraseAt.IsZero() && !c.held {
		c.EraseAt = eraseAt
	}
	if _, err := t.exec(ctx, `UPDATE cases SET state = $3, changed_at = $4, erase_at = $5 WHERE tenant_id = $1 AND id = $2`,
		c.vault.tenant, c.ID, feierabend.CaseDownloaded, micros(s.now()), micros(c.EraseAt)); err != nil {
		return err
	}
	return s.record(ctx, t, c.vault.tenant, by, act, string(id))
}

func (s *Store) onDocument(ctx context.Context, tenant feierabend.TenantID, id feierabend.DocumentID, fn func(tx, caseRow) error) error {
	if tenant.IsZero() {
		return invalid("tenant")
	}
	return s.update(ctx, tenant, func(t tx) error {
		var in feierabend.CaseID
		err := t.queryRow(ctx, `SELECT case_id FROM document WHERE tenant_id = $1 AND id = $2`, tenant.String(), id).Scan(&in)
		if absent(err) {
			return notFound("document")
		}
		if err != nil {
			return err
		}
		c, err := s.lockCase(ctx, t, tenant, in)
		if err != nil {
			return err
		}
		return fn(t, c)
	})
}

// StopCountdown is „Noch nicht gespeichert“: no countdown runs or starts until the
// case's own end.
func (s *Store) StopCountdown(ctx context.Context, tenant feierabend.TenantID, id feierabend.CaseID, by feierabend.Actor) error {
	if tenant.IsZero() {
		return invalid("tenant")
	}
	return s.update(ctx, tenant, func(t tx) error {
		if _, err := s.lockCase(ctx, t, tenant, id); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE cases SET held = $3, erase_at = 0, changed_at = $4 WHERE tenant_id = $1 AND id = $2`, tenant.String(), id, true, micros(s.now())); err != nil {
			return err
		}
		return s.record(ctx, t, tenant.String(), by, "countdown.stopped", string(id))
	})
}
