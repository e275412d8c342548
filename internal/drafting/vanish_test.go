package drafting_test

import (
	"context"
	"testing"

	"feierabend"
	"feierabend/internal/compliance"
	"feierabend/internal/drafting"
	"feierabend/internal/store"
)

// vanishing erases a case just before the step writes to it, as somebody on the
// page may do in that very moment.
type vanishing struct {
	*store.Store
	erase func()
}

func (v *vanishing) now() {
	if v.erase != nil {
		v.erase()
		v.erase = nil
	}
}

func (v *vanishing) MoveMessage(ctx context.Context, t feierabend.TenantID, m feierabend.MessageID, to feierabend.CaseID) error {
	v.now()
	return v.Store.MoveMessage(ctx, t, m, to)
}

func (v *vanishing) AddDraft(ctx context.Context, t feierabend.TenantID, d feierabend.NewDraft, next ...feierabend.Job) (int, error) {
	v.now()
	return v.Store.AddDraft(ctx, t, d, next...)
}

func (v *vanishing) FinishMessage(ctx context.Context, t feierabend.TenantID, m feierabend.MessageID, state feierabend.MessageState, reason string, out ...feierabend.Outgoing) error {
	v.now()
	return v.Store.FinishMessage(ctx, t, m, state, reason, out...)
}

// A case that is erased while a message speaks of it leaves the message with an
// outcome, never without.
func TestCaseVanishesWhileAMessageSpeaksOfIt(t *testing.T) {
	for name, speak := range map[string]func(s *stage, c feierabend.CaseID) (feierabend.Message, feierabend.JobKind){
		"correction": func(s *stage, _ feierabend.CaseID) (feierabend.Message, feierabend.JobKind) {
			return s.receive(s.a, "Es waren drei Stunden, nicht zwei.", nil), feierabend.JobDraft
		},
		"choice": func(s *stage, c feierabend.CaseID) (feierabend.Message, feierabend.JobKind) {
			return s.receive(s.a, "", pressing(feierabend.Button{Act: feierabend.ActAnswer, Case: c, Version: 1, Question: "supply", Answer: feierabend.ChoiceToday})), feierabend.JobAnswer
		},
		"approval": func(s *stage, c feierabend.CaseID) (feierabend.Message, feierabend.JobKind) {
			return s.receive(s.a, "", pressing(feierabend.Button{Act: feierabend.ActApprove, Case: c, Version: 1})), feierabend.JobAnswer
		},
	} {
		t.Run(name, func(t *testing.T) {
			onOne(t, func(s *stage) {
				c := s.say(s.a, undated).Case
				m, kind := speak(s, c)
				v := &vanishing{Store: s.st, erase: func() {
					if _, err := s.st.Erase(s.Context(), s.a.Tenant.ID, c, feierabend.EraseDiscarded, s.a.Owner); err != nil {
						s.Fatal(err)
					}
				}}
				step := drafting.New(drafting.Options{Store: v, Policy: compliance.New(compliance.NewRegistry(compliance.Settings{}), s.st), Now: s.clock.Now, Zone: berlin})
				for range 3 { // the job runner comes back after an error
					do := step.Run
					if kind == feierabend.JobAnswer {
						do = step.Press
					}
					if do(s.Context(), run(s.a, m)) == nil {
						break
					}
				}
				if v.erase != nil {
					s.Fatal("the case never vanished")
				}
				got := s.message(s.a, m.ID)
				if got.State != feierabend.MessageFailed && got.State != feierabend.MessageDone || got.Reason == "" {
					s.Errorf("message is %s, reason %q", got.State, got.Reason)
				}
			})
		})
	}
}

func pressing(b feierabend.Button) func(*feierabend.Inbound) {
	return func(in *feierabend.Inbound) { in.Kind, in.Button = feierabend.InboundButton, b.String() }
}
