package drafting_test

import (
	"testing"

	"feierabend"
)

func button(act feierabend.ButtonAct, c feierabend.CaseID, version int) feierabend.Button {
	return feierabend.Button{Act: act, Case: c, Version: version}
}

func answer(c feierabend.CaseID, version int, path, code string) feierabend.Button {
	return feierabend.Button{Act: feierabend.ActAnswer, Case: c, Version: version, Question: path, Answer: code}
}

func TestPressAnswers(t *testing.T) {
	onEach(t, func(s *stage) {
		c := s.say(s.a, undated).Case
		m := s.tap(s.a, answer(c, 1, "supply", "other"))
		if ob := s.last(s.a); m.Reason != feierabend.ReasonAnswered || ob.Kind != feierabend.OutCommand || ob.Ref != "frage:supply" || s.draft(s.a, c).Version != 1 {
			s.Errorf("other day: %s, told %+v", m.Reason, ob)
		}
		m = s.tap(s.a, answer(c, 1, "supply", "yesterday"))
		v := s.draft(s.a, c)
		if m.Reason != feierabend.ReasonAnswered || v.Version != 2 || v.Draft.Supply.From != "2026-11-23" || v.Engine != "person" || v.Draft.Evidence["supply"].Message != m.ID {
			s.Errorf("yesterday: %s, version %d by %s, %+v", m.Reason, v.Version, v.Engine, v.Draft.Supply)
		}
		told := len(s.told(s.a))
		m = s.tap(s.a, answer(c, 1, "supply", "yesterday")) // a double tap is one answer
		if m.Reason != feierabend.ReasonAnswered || s.draft(s.a, c).Version != 2 || len(s.told(s.a)) != told {
			s.Errorf("double tap: %s, version %d, %d told", m.Reason, s.draft(s.a, c).Version, len(s.told(s.a))-told)
		}
	})
}

func TestPressApproveAsksForTheNumber(t *testing.T) {
	onOne(t, func(s *stage) {
		c := s.say(s.a, undated).Case
		if m := s.tap(s.a, button(feierabend.ActApprove, c, 1)); m.State != feierabend.MessageDone || s.last(s.a).Kind != feierabend.OutDraft {
			s.Errorf("with a question open: %s, told %s", m.State, s.last(s.a).Kind)
		}
		s.tap(s.a, answer(c, 1, "supply", "today"))
		if m := s.tap(s.a, button(feierabend.ActApprove, c, 2)); m.State != feierabend.MessageDone {
			s.Errorf("approve: %s", m.State)
		}
		if ob := s.last(s.a); ob.Kind != feierabend.OutAsk || ob.Ref != "2" || ob.Case != c {
			s.Errorf("told %+v", ob)
		}
		if s.tap(s.a, button(feierabend.ActChange, c, 2)); s.last(s.a).Ref != "aendern" {
			s.Errorf("change: told %+v", s.last(s.a))
		}
	})
}

func TestPressRefuses(t *testing.T) {
	onOne(t, func(s *stage) {
		c := s.say(s.a, undated).Case
		s.tap(s.a, answer(c, 1, "supply", "today"))
		for _, x := range []struct {
			name   string
			b      feierabend.Button
			reason string
		}{
			{"approve an old version", button(feierabend.ActApprove, c, 1), feierabend.ReasonStale},
			{"a version that is not there yet", button(feierabend.ActApprove, c, 9), feierabend.ReasonStale},
			{"a path that is none", answer(c, 2, "evil", "x"), feierabend.ReasonStale},
			{"a choice that is none", answer(c, 2, "supply", "kommt"), feierabend.ReasonStale},
			{"split has no buttons yet", button(feierabend.ActSplit, c, 2), feierabend.ReasonStale},
			{"no such case", button(feierabend.ActApprove, feierabend.CaseID(feierabend.NewID()), 1), feierabend.ReasonGone},
		} {
			m := s.tap(s.a, x.b)
			if m.State != feierabend.MessageFailed || m.Reason != x.reason {
				s.Errorf("%s: %s %s, want %s", x.name, m.State, m.Reason, x.reason)
			}
			if ob := s.last(s.a); ob.Kind != feierabend.OutFailed || ob.Ref != x.reason {
				s.Errorf("%s: told %+v", x.name, ob)
			}
		}
		if m := s.tap(s.b, button(feierabend.ActApprove, c, 2)); m.Reason != feierabend.ReasonGone {
			s.Errorf("the other firm: %s, want the same as for a case that is gone", m.Reason)
		}
		if v := s.draft(s.a, c); v.Version != 2 {
			s.Errorf("a refused tap changed the draft: version %d", v.Version)
		}
	})
}

func TestAnswerByPage(t *testing.T) {
	onEach(t, func(s *stage) {
		ctx := s.Context()
		c := s.say(s.a, "Rechnung für Frau Petersen. Gestern zwei Stunden Arbeit und Anfahrt.").Case
		if q := s.draft(s.a, c).Draft.Questions; len(q) != 1 || q[0] != "buyer.address" {
			s.Fatalf("questions %v", q)
		}
		told := len(s.told(s.a))
		_, err := s.step.Answer(ctx, s.a.Owner, s.a.Tenant.ID, c, 1, "buyer.address", "irgendwo")
		if feierabend.KindOf(err) != feierabend.Invalid || feierabend.TextOf(err) == "" || s.draft(s.a, c).Version != 1 {
			s.Errorf("unreadable address: %v", err)
		}
		n, err := s.step.Answer(ctx, s.a.Owner, s.a.Tenant.ID, c, 1, "buyer.address", "Lindenweg 12\n25524\nItzehoe")
		if err != nil || n != 2 {
			s.Fatalf("address: version %d, %v", n, err)
		}
		v := s.draft(s.a, c)
		if v.Draft.Buyer.Street != "Lindenweg 12" || len(v.Draft.Questions) != 0 || s.getCase(s.a, c).State != feierabend.CaseReady || v.By != s.a.Owner {
			s.Errorf("draft %+v, questions %v, by %+v", v.Draft.Buyer, v.Draft.Questions, v.By)
		}
		if len(s.told(s.a)) != told {
			s.Error("a change by page was told in the chat")
		}
		if _, err := s.step.Answer(ctx, s.a.Owner, s.a.Tenant.ID, c, 1, "supply", "today"); feierabend.KindOf(err) != feierabend.Conflict || feierabend.TextOf(err) == "" {
			s.Errorf("old version: %v", err)
		}
		if _, err := s.step.Answer(ctx, s.b.Owner, s.b.Tenant.ID, c, 2, "supply", "today"); feierabend.KindOf(err) != feierabend.NotFound {
			s.Errorf("the other firm: %v", err)
		}
		nobody := feierabend.Actor{User: "x", Role: feierabend.RoleStaff, Via: feierabend.ViaSession}
		if _, err := s.step.Answer(ctx, nobody, s.a.Tenant.ID, c, 2, "supply", "today"); feierabend.KindOf(err) != feierabend.Unauthorized {
			s.Errorf("staff in another's case: %v", err)
		}
		own := feierabend.Actor{User: s.a.User.ID, Role: feierabend.RoleStaff, Via: feierabend.ViaSession}
		if n, err := s.step.Answer(ctx, own, s.a.Tenant.ID, c, 2, "lines[0].quantity", "2,5"); err != nil || n != 3 {
			s.Errorf("staff in their own case: %d, %v", n, err)
		}
		if v := s.draft(s.a, c); v.Draft.Totals.Net.String() != "205.00" { // 2.5 × 68 + 35
			s.Errorf("sums were not worked out anew: %+v", v.Draft.Totals)
		}
	})
}
