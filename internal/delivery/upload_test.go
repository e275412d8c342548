package delivery_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/delivery"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// shaky fails its first calls, as a crash between two steps would.
type shaky struct {
	*store.Store
	enqueue, noted int // calls that fail
	lost           int // notes that are stored, but whose answer is lost
}

var errCut = errors.New("cut")

func (s *shaky) Enqueue(ctx context.Context, jobs ...feierabend.Job) error {
	if s.enqueue--; s.enqueue >= 0 {
		return errCut
	}
	return s.Store.Enqueue(ctx, jobs...)
}

func (s *shaky) SentAs(ctx context.Context, t feierabend.TenantID, id feierabend.OutboxID, external, media string) error {
	if s.noted--; s.noted >= 0 {
		return errCut
	}
	if err := s.Store.SentAs(ctx, t, id, external, media); err != nil {
		return err
	}
	if s.lost--; s.lost >= 0 {
		return errCut
	}
	return nil
}

// meddling does something while a file is being uploaded.
type meddling struct {
	*channel
	during func()
}

func (m *meddling) Upload(ctx context.Context, t feierabend.TenantID, name, mime string, data []byte) (string, error) {
	if m.during != nil {
		m.during()
	}
	return m.channel.Upload(ctx, t, name, mime, data)
}

// Send refuses a file that was deleted, as the provider does.
func (m *meddling) Send(ctx context.Context, t feierabend.TenantID, msg feierabend.ChatMessage) (string, error) {
	if slices.Contains(m.deleted, msg.DocumentMedia) {
		return "", &feierabend.ChatError{Code: 100, Media: true, Err: &feierabend.Error{Kind: feierabend.Gone, Code: feierabend.ReasonMediaExpired}}
	}
	return m.channel.Send(ctx, t, msg)
}

func (s *stage) with(st *shaky, ch *meddling) *delivery.Step {
	return delivery.New(delivery.Options{Store: st, Channel: ch, Now: s.clock.Now, Zone: time.UTC})
}

// Wherever a send is cut, the upload is watched (else no countdown would start and
// nobody would delete it), and one that could not be noted is deleted at once.
func TestCutBetweenUploadAndWatch(t *testing.T) {
	for name, cut := range map[string]shaky{
		"before the watch is enqueued": {enqueue: 1}, "before the upload is noted": {noted: 1}, "after the upload is noted": {lost: 1},
	} {
		t.Run(name, func(t *testing.T) {
			databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
				s := open(t, st, clock)
				_, _, id := s.issued(s.a)
				store := &shaky{Store: st, enqueue: cut.enqueue, noted: cut.noted, lost: cut.lost}
				step := s.with(store, &meddling{channel: s.ch})
				j := job(feierabend.JobSend, s.a, string(id))
				if err := step.Send(t.Context(), j); !errors.Is(err, errCut) {
					t.Fatalf("got %v", err)
				}
				clock.Advance(2 * time.Minute) // the answer may have been lost: waited for
				err := step.Send(t.Context(), j)
				if cut.lost > 0 { // the upload that was noted is gone: a new one
					snooze(t, err)
					clock.Advance(2 * time.Minute)
					err = step.Send(t.Context(), j)
				}
				if err != nil {
					t.Fatal(err)
				}
				if len(s.ch.sent) != 1 || s.row(s.a, id).MediaID != s.ch.sent[0].DocumentMedia {
					t.Errorf("%d messages, upload %q noted", len(s.ch.sent), s.row(s.a, id).MediaID)
				}
				if refs := jobRefs(t, st, feierabend.JobForget); len(refs) == 0 {
					t.Error("nobody watches the upload")
				}
				for media := range s.ch.uploads {
					if media != s.row(s.a, id).MediaID && (len(s.ch.deleted) != 1 || s.ch.deleted[0] != media) {
						t.Errorf("upload %s is forgotten at the provider", media)
					}
				}
			})
		})
	}
}

// A case that is erased while its document is being uploaded leaves nothing at the
// provider, and nothing is sent.
func TestErasedWhileUploading(t *testing.T) {
	onEach(t, func(s *stage) {
		m, _, id := s.issued(s.a)
		ch := &meddling{channel: s.ch, during: func() {
			if _, err := s.st.Erase(s.Context(), s.a.Tenant.ID, m.Case, feierabend.EraseDiscarded, s.a.Owner); err != nil {
				s.Fatal(err)
			}
		}}
		if err := s.with(&shaky{Store: s.st}, ch).Send(s.Context(), job(feierabend.JobSend, s.a, string(id))); err != nil {
			s.Errorf("got %v, want success: the case is gone", err)
		}
		if len(s.ch.sent) != 0 || len(s.ch.uploads) != 1 || len(s.ch.deleted) != 1 {
			s.Errorf("%d sent, %d uploads, %d deleted", len(s.ch.sent), len(s.ch.uploads), len(s.ch.deleted))
		}
	})
}
