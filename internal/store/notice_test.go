package store_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// notices gives what waits to be mailed as "kind to detail", and takes it away.
func notices(t *testing.T, st *store.Store) (out []string) {
	t.Helper()
	for _, r := range ask(t, st, `SELECT id FROM notice`) {
		n, err := st.Notice(context.Background(), r[0])
		must(t, err)
		if n.Firm == "" || n.At.IsZero() || n.ID != r[0] {
			t.Errorf("notice %+v", n)
		}
		out = append(out, string(n.Kind)+" "+n.To+" "+n.Detail)
		must(t, st.DropNotice(context.Background(), r[0]))
		_, err = st.Notice(context.Background(), r[0])
		wantCode(t, err, feierabend.NotFound, "notice")
	}
	slices.Sort(out)
	return out
}

// TestNotices: other bank data, owners, unlinked numbers and addresses are told to all
// owners of the firm and to nobody else, in the same transaction; nothing of it is
// readable in the row or in the job.
func TestNotices(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		must(t, st.AddUser(ctx, feierabend.User{ID: "second", Email: "zwei@firma.example", Name: "Zwei Ländner"}))
		must(t, st.AddMembership(ctx, feierabend.Membership{User: "second", Tenant: a.Tenant.ID, Role: feierabend.RoleOwner}))
		must(t, st.AddUser(ctx, feierabend.User{ID: "staff", Email: "staff@firma.example", Name: "Stefan Staff"}))
		must(t, st.AddMembership(ctx, feierabend.Membership{User: "staff", Tenant: a.Tenant.ID, Role: feierabend.RoleStaff}))
		one, two := a.User.Email, "zwei@firma.example"
		want := func(what string, lines ...string) {
			t.Helper()
			slices.Sort(lines)
			if got := notices(t, st); !slices.Equal(got, lines) {
				t.Errorf("%s: %q, want %q", what, got, lines)
			}
		}
		p, v, err := st.ProfileVersion(ctx, a.Tenant.ID)
		must(t, err)
		p.Seller.IBAN = "DE89 3704 0044 0532 0130 00"
		before := len(jobs(t, st))
		must(t, st.ChangeProfile(ctx, a.Tenant.ID, a.Owner, v, "profile.bank", p))
		if got := jobs(t, st)[before:]; !slices.Equal(got, []string{"notice", "notice"}) {
			t.Errorf("jobs %q", got)
		}
		// The sealed body is looked at as the bytes that it is: of its hex digits four fit by chance.
		for _, b := range blobs(t, st, `SELECT body FROM notice`) {
			for _, needle := range []string{"3000", one, two} {
				if bytes.Contains(b, []byte(needle)) {
					t.Error("a notice is stored in the clear")
				}
			}
		}
		for _, r := range ask(t, st, `SELECT id FROM notice`) {
			if strings.Contains(r[0], "3000") || strings.Contains(r[0], "@") {
				t.Error("the id of a notice says what is in it")
			}
		}
		want("bank data", "bank "+one+" 3000", "bank "+two+" 3000")
		p.Trade = "maler"
		must(t, st.ChangeProfile(ctx, a.Tenant.ID, a.Owner, v+1, "profile.changed", p))
		want("the same bank data")
		must(t, st.SetRole(ctx, a.Tenant.ID, "staff", feierabend.RoleOffice, a.Owner))
		want("office")
		must(t, st.SetRole(ctx, a.Tenant.ID, "staff", feierabend.RoleOwner, a.Owner))
		want("an owner", "owner_added "+one+" ", "owner_added "+two+" ", "owner_added staff@firma.example ")
		must(t, st.RemoveMember(ctx, a.Tenant.ID, "staff", a.Owner))
		want("an owner removed", "owner_removed "+one+" ", "owner_removed "+two+" ", "owner_removed staff@firma.example ")
		must(t, st.UnlinkSender(ctx, a.Tenant.ID, a.Sender.ID, a.Owner))
		want("a number", "unlinked "+one+" "+a.Sender.Mask(), "unlinked "+two+" "+a.Sender.Mask())
		must(t, st.AddAddressChange(ctx, feierabend.AddressChange{ID: "c1", User: "second", Old: two, New: "neu@firma.example", BindHash: []byte("b"), At: clock.Now()}))
		must(t, st.SetAddressSecret(ctx, "c1", []byte("code"), clock.Now().Add(time.Minute)))
		must(t, st.ConfirmAddress(ctx, "second", []byte("b"), []byte("code"), nil, clock.Now(), func(id string) feierabend.Job { return feierabend.Job{K: feierabend.JobAddress, Ref: id} }))
		want("another address", "address "+one+" ")
		must(t, st.AddInvitation(ctx, b.Tenant.ID, feierabend.Invitation{ID: "i1", Email: "neu@firma.example", Role: feierabend.RoleOwner, By: b.User.ID, CreatedAt: clock.Now(), ExpiresAt: clock.Now().Add(time.Hour)}))
		_, err = st.AcceptInvitation(ctx, b.Tenant.ID, "i1", "second", "", clock.Now())
		must(t, err)
		invited, err := st.Notice(ctx, ask(t, st, `SELECT id FROM notice`)[0][0])
		if must(t, err); invited.By != b.User.Name || invited.About != "Zwei Ländner" {
			t.Errorf("%q is owner by %q, want the one who invited", invited.About, invited.By)
		}
		want("an invited owner", "owner_added "+b.User.Email+" ", "owner_added neu@firma.example ")

		number := feierabend.SenderLink{ID: feierabend.SenderID(feierabend.NewID()), User: "second", Phone: "+4917139207777"}
		must(t, st.LinkSender(ctx, b.Tenant.ID, number, feierabend.Actor{Via: feierabend.ViaCLI}))
		want("a number by the operator", "linked "+b.User.Email+" "+number.Mask(), "linked neu@firma.example "+number.Mask())
		wantCode(t, st.LinkSender(ctx, a.Tenant.ID, number, feierabend.Actor{Via: feierabend.ViaCLI}), feierabend.Conflict, "number_taken")
		want("a number that was not linked")

		must(t, st.SetRole(ctx, b.Tenant.ID, "second", feierabend.RoleStaff, b.Owner))
		clock.Advance(feierabend.NoticeTerm + time.Hour)
		must(t, st.SweepDone(ctx, st.Now()))
		want("a week later")
	})
}
