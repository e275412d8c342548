package web_test

import (
	"context"
	"time"

	"feierabend"
	"feierabend/internal/signin"
)

// operator makes a person who runs the service and has a passkey for it.
func (w *world) operator(email string) feierabend.User {
	w.t.Helper()
	u, err := w.store.InviteOperator(context.Background(), email, feierabend.UserID(feierabend.NewID()), signin.Hash(signin.NewToken()), w.store.Now().Add(time.Hour), feierabend.Actor{Via: feierabend.ViaCLI})
	must(w.t, err)
	out := feierabend.User{ID: u, Email: email}
	w.passkey(out, feierabend.DutyOperator)
	return out
}

// passkey stores a passkey of a person that no device holds, and gives its handle.
func (w *world) passkey(u feierabend.User, duty feierabend.Duty) string {
	w.t.Helper()
	p := feierabend.Passkey{ID: []byte(feierabend.NewID()), User: u.ID, Name: "Telefon", PublicKey: []byte("k"), Duty: duty, CreatedAt: w.store.Now()}
	must(w.t, w.store.AddPasskey(context.Background(), p, false, feierabend.Actor{Via: feierabend.ViaCLI}))
	return p.Handle()
}

// onDuty gives a browser with a session that runs the service.
func (w *world) onDuty(u feierabend.User) *browser {
	w.t.Helper()
	now, token := w.store.Now(), signin.NewToken()
	must(w.t, w.store.AddSession(context.Background(), feierabend.Session{
		TokenHash: signin.Hash(token), User: u.ID, Duty: feierabend.DutyOperator, CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(signin.OperatorTerm), ProvedAt: now,
	}))
	b := w.browser()
	b.cookies["s"] = token
	return b
}
