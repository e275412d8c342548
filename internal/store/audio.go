package store

import (
	"bytes"
	"context"
	"io"

	"feierabend"
)

// Limits of audio. A 16 MB row would block SQLite's one writer for 100 to 240 ms,
// so it goes in chunks, each in a short transaction of its own (design §3).
const (
	chunkSize = 256 << 10
	maxAudio  = 16 << 20
)

// AddAudio stores the bytes of a voice note sealed, sets the message to fetched and
// enqueues what follows. Early chunks are invisible: the last one, completion and
// the next job share one transaction. A retry begins again.
func (s *Store) AddAudio(ctx context.Context, tenant feierabend.TenantID, id feierabend.MessageID, info feierabend.AudioInfo, data []byte, next ...feierabend.Job) error {
	if len(data) == 0 || len(data) > maxAudio {
		return invalid("audio_size")
	}
	info.Bytes = int64(len(data))
	last := (len(data) - 1) / chunkSize
	for seq := range last + 1 {
		chunk := data[seq*chunkSize : min(len(data), (seq+1)*chunkSize)]
		done := false
		err := s.onMessage(ctx, tenant, id, func(t tx, m messageRow) error {
			if m.Case == "" {
				return invalid("message_without_case")
			}
			if m.complete || finished(m.State) { // an earlier try got through
				done = true
				return nil
			}
			if _, err := t.exec(ctx, `INSERT INTO audio_chunk(tenant_id, message_id, seq, body) VALUES($1, $2, $3, $4)
				ON CONFLICT(tenant_id, message_id, seq) DO UPDATE SET body = EXCLUDED.body`,
				tenant.String(), id, seq, m.caseRow.seal(kindAudio, string(id), seq, chunk)); err != nil || seq < last {
				return err
			}
			return completeAudio(ctx, t, m, info, last, next)
		})
		if err != nil || done {
			return err
		}
	}
	return nil
}

func completeAudio(ctx context.Context, t tx, m messageRow, info feierabend.AudioInfo, last int, next []feierabend.Job) error {
	if _, err := t.exec(ctx, `DELETE FROM audio_chunk WHERE tenant_id = $1 AND message_id = $2 AND seq > $3`, m.Tenant.String(), m.ID, last); err != nil {
		return err
	}
	if _, err := t.exec(ctx, `UPDATE message SET state = $3, reason = '', audio_type = $4, audio_bytes = $5, audio_length = $6, audio_complete = $7
		WHERE tenant_id = $1 AND id = $2`, m.Tenant.String(), m.ID, feierabend.MessageFetched, info.Type, info.Bytes, info.Duration.Microseconds(), true); err != nil {
		return err
	}
	return t.enqueue(ctx, next)
}

// Audio gives a complete voice note; NotFound until it is. Open reads and opens the
// chunks one by one as they are asked for.
func (s *Store) Audio(ctx context.Context, tenant feierabend.TenantID, id feierabend.MessageID) (out feierabend.Audio, err error) {
	if tenant.IsZero() {
		return out, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		m, err := s.message(ctx, q, tenant, id)
		if err == nil && !m.complete {
			err = notFound("audio")
		}
		out.Info = m.Audio
		return err
	})
	if err != nil {
		return feierabend.Audio{}, err
	}
	out.Open = func(ctx context.Context) (io.ReadCloser, error) {
		return io.NopCloser(&audioReader{ctx: ctx, s: s, tenant: tenant, id: id, left: out.Info.Bytes}), nil
	}
	return out, nil
}

// audioReader reads a voice note chunk by chunk, each in a short transaction. If
// the case is erased meanwhile, it ends with NotFound.
type audioReader struct {
	ctx    context.Context // of the reading, as io.Reader has no place for it
	s      *Store
	tenant feierabend.TenantID
	id     feierabend.MessageID
	seq    int
	left   int64
	chunk  bytes.Reader
}

func (r *audioReader) Read(p []byte) (int, error) {
	if r.chunk.Len() == 0 {
		if r.left <= 0 {
			return 0, io.EOF
		}
		b, err := r.s.audioChunk(r.ctx, r.tenant, r.id, r.seq)
		if err != nil {
			return 0, err
		}
		r.seq, r.left = r.seq+1, r.left-int64(len(b))
		r.chunk.Reset(b)
	}
	return r.chunk.Read(p)
}

func (s *Store) audioChunk(ctx context.Context, tenant feierabend.TenantID, id feierabend.MessageID, seq int) (plain []byte, err error) {
	err = s.view(ctx, tenant, func(q querier) error {
		m, err := s.message(ctx, q, tenant, id)
		if err != nil {
			return err
		}
		if m.caseRow == nil {
			return notFound("audio")
		}
		var sealed []byte
		if err := q.queryRow(ctx, `SELECT body FROM audio_chunk WHERE tenant_id = $1 AND message_id = $2 AND seq = $3`, tenant.String(), id, seq).Scan(&sealed); err != nil {
			return err
		}
		plain, err = m.caseRow.open(kindAudio, string(id), seq, sealed)
		return err
	})
	return plain, err
}
