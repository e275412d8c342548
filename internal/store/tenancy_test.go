package store_test

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// withoutTenant names the statements that do not name the tenant, by their first
// words, with the reason (TEN-03).
var withoutTenant = map[string]string{
	"INSERT INTO content_key":                                                "a key's authenticated data binds it to tenant and case",
	"DELETE FROM content_key":                                                "the id comes from the tenant's own case or entry row",
	"SELECT id, master_id, wrapped FROM content_key":                         "start-up check that the master keys fit; old keys without a case",
	"SELECT count(*) FROM content_key":                                       "how far a rotation is",
	"SELECT master_id, count(*) FROM content_key":                            "how many keys each master key wraps",
	"SELECT key_id FROM cases":                                               "which old keys have a case",
	"SELECT tenant_id, id, key_id FROM cases":                                "start-up check that the master keys fit",
	"SELECT key_id FROM address_entry":                                       "which old keys have an entry",
	"SELECT tenant_id, id, key_id FROM address_entry":                        "start-up check that the master keys fit",
	"SELECT tenant_id, id, expires_at FROM address_entry WHERE expires_at":   "the sweep goes over all tenants",
	"UPDATE address_entry SET expires_at = $1 WHERE expires_at":              "an accepted clock holds for all tenants",
	"UPDATE address_entry SET used_at = $1 WHERE used_at":                    "an accepted clock holds for all tenants",
	"SELECT l.id, l.tenant_id, l.phone_hash":                                 "the sender link finds the tenant",
	"SELECT l.id, l.firm, l.phone_hash":                                      "the sender link finds the tenant, which is then named before its agreement is asked for",
	"SELECT s.user_id, s.tenant_id, s.stay":                                  "the session finds the tenant",
	"UPDATE session SET seen_at":                                             "a session is found by its token alone",
	"DELETE FROM session WHERE token_hash":                                   "a session is found by its token alone",
	"DELETE FROM session WHERE user_id":                                      "the sessions of a person",
	"SELECT user_id, tenant_id, stay":                                        "the sessions of a person",
	"SELECT user_id, tenant_id, role FROM membership WHERE user_id":          "the firms of a user",
	"SELECT count(*) FROM membership WHERE user_id = $1 AND tenant_id <> $2": "whether a person has another firm too, who is on the way back in",
	"DELETE FROM step_up WHERE user_id":                                      "a person who goes, with what proved them",
	"SELECT tenant_id, id, sender_id, expires_at, erase_at":                  "the sweep goes over all tenants",
	"SELECT tenant_id, id FROM cases WHERE expires_at":                       "the warnings go over all tenants",
	"UPDATE cases SET expires_at = $1 WHERE expires_at":                      "an accepted clock holds for all tenants",
	"SELECT COALESCE(min(at), 0) FROM (SELECT min(expires_at)":               "the sweep goes over all tenants",
	"SELECT tenant_id, receipt_id, pieces FROM receipt_check":                "one scrub proves the erasures of all tenants",
	"SELECT COALESCE(min(r.erased_at)":                                       "is a proof overdue, over all tenants",
	"SELECT count(*) FROM receipt_check":                                     "start-up: is a proof outstanding",
	"SELECT (SELECT count(*) FROM tenant) +":                                 "restore: is the database empty",
	"SELECT t.id, t.name, s.series, s.last FROM number_series":               "the series of all firms in a backup file",
	"SELECT tenant_id FROM audit_head WHERE oldest":                          "old audit records go in all chains",
	"DELETE FROM message WHERE case_id = '' AND received_at":                 "housekeeping by age",
	"DELETE FROM outbox WHERE case_id = '' AND created_at":                   "housekeeping by age",
	"DELETE FROM session WHERE expires_at":                                   "housekeeping by age",
	"SELECT tenant_id, id FROM link_challenge":                               "the code, or the number that sent it, finds the tenant",
	"SELECT EXISTS(SELECT 1 FROM link_challenge WHERE code_hash":             "the code finds the tenant",
	"SELECT EXISTS(SELECT 1 FROM sender_link WHERE":                          "the number finds the tenant",
	"SELECT id, tenant_id, user_id FROM sender_link WHERE standing":          "the number, or its silence, finds the tenant",
	"DELETE FROM sender_link WHERE standing":                                 "housekeeping by age",
	"UPDATE link_challenge SET state = 'void' WHERE by_user":                 "what a person asked for in sessions that have ended, in all their firms",
	"UPDATE link_challenge SET state = 'void' WHERE (by_user":                "what a person asked for, in all their firms",
	"UPDATE link_challenge SET state = 'void' WHERE session_hash":            "a challenge belongs to a session",
	"UPDATE link_challenge SET session_hash":                                 "a challenge belongs to a session",
	"SELECT tenant_id FROM membership WHERE user_id":                         "the firms of a person",
	"DELETE FROM link_challenge WHERE created_at":                            "housekeeping by age",
	"DELETE FROM step_up WHERE expires_at":                                   "housekeeping by age",
	"DELETE FROM invitation WHERE expires_at":                                "housekeeping by age",
	"SELECT tenant_id, user_id FROM membership WHERE digest_hash":            "the token of a mail finds the member, whose firm is then bound",
	"DELETE FROM digest WHERE until_at":                                      "housekeeping by age",
	"DELETE FROM lease WHERE until":                                          "housekeeping by age",
	"SELECT session_hash, user_id, tenant_id, code_hash, expires_at":         "a proof belongs to a session",
	"SELECT p.email FROM membership o JOIN membership m":                     "the other members of all firms of a person",
	"SELECT tenant_id, id FROM sender_link WHERE user_id":                    "the chats of a person, each bound before it is written to",
	"SELECT p.email, t.name FROM membership o":                               "the owners of all firms of a person",
	"DELETE FROM step_up WHERE session_hash":                                 "a proof belongs to a session",
	"SELECT tenant_id, id FROM invitation":                                   "the token of a mail finds the firm",
	"SELECT i.id, i.tenant_id, i.email":                                      "the invitations to a person's address",
	"SELECT id FROM person WHERE NOT EXISTS":                                 "people of no firm: all firms are asked",
	"DELETE FROM person WHERE id = $1 AND NOT":                               "a person of no firm: all firms are asked",
	"SELECT tenant_id, id FROM customer_link":                                "the code, or the number that sent it, finds the tenant",
	"SELECT EXISTS(SELECT 1 FROM customer_link WHERE":                        "what a number has said elsewhere, too",
	"UPDATE customer_link SET state = 'ended', past_phone_hash":              "a number speaks to one firm at a time, by its newest code",
	"DELETE FROM customer_link WHERE state = 'open' AND expires_at":          "housekeeping by age",
}

// TestSQLNamesTenant parses every SQL text of the package: for each table with
// tenant_id a statement compares it with a parameter or with that of a table that is
// so compared, or inserts it.
func TestSQLNamesTenant(t *testing.T) {
	st, _ := storetest.New(t)
	tables := map[string]bool{"content_key": true}
	for table, cols := range columns(t, st) {
		for _, c := range cols {
			tables[table] = tables[table] || c == "tenant_id"
		}
	}
	used := map[string]bool{}
	checked := 0
	for _, q := range sqlTexts(t) {
		nodes := sqlTree(q)
		if !touches(nodes, tables) {
			continue
		}
		checked++
		free := unbound(nodes, tables, nil)
		named := len(free) == 0
		excuse := ""
		for start := range withoutTenant {
			if strings.HasPrefix(q, start) {
				excuse = start
			}
		}
		switch {
		case named && excuse != "":
			t.Errorf("exception not needed: %s", excuse)
		case !named && excuse == "":
			t.Errorf("no tenant for %q in: %s", free, q)
		}
		used[excuse] = true
	}
	for start := range withoutTenant {
		if !used[start] {
			t.Errorf("exception without a statement: %s", start)
		}
	}
	t.Logf("%d statements on tenant tables", checked)
	if checked < 80 {
		t.Errorf("only %d statements found", checked)
	}
}

// sqlTexts gives the SQL of the package's sources, with constants and joined parts put together.
func sqlTexts(t *testing.T) (out []string) {
	t.Helper()
	names, err := filepath.Glob("*.go")
	must(t, err)
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		must(t, err)
		files = append(files, f)
	}
	consts := map[string]string{}
	var text func(ast.Expr) string
	text = func(e ast.Expr) string {
		switch e := e.(type) {
		case *ast.BasicLit:
			s, _ := strconv.Unquote(e.Value)
			return s
		case *ast.BinaryExpr:
			return text(e.X) + text(e.Y)
		case *ast.Ident:
			return consts[e.Name]
		case *ast.CallExpr:
			return "(…)"
		}
		return ""
	}
	statement := regexp.MustCompile(`^(SELECT|INSERT|UPDATE|DELETE|WITH) `)
	for pass := range 2 { // constants first
		for _, f := range files {
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.ValueSpec:
					for i, v := range n.Values {
						consts[n.Names[i].Name] = text(v)
					}
				case *ast.BasicLit, *ast.BinaryExpr:
					q := strings.Join(strings.Fields(text(n.(ast.Expr))), " ")
					if pass == 1 && statement.MatchString(q) {
						out = append(out, q)
						return false
					}
				}
				return true
			})
		}
	}
	return out
}

// ofAll are the methods that take no tenant, or are the ones that tenants are made
// with. One a line, in alphabetical order.
var ofAll = map[string]bool{
	"AcceptClock":          true,
	"AddAddressChange":     true,
	"AddMembership":        true,
	"AddNumberCode":        true,
	"AddPasskey":           true,
	"AddPasskeyAsk":        true,
	"AddRegistration":      true,
	"AddSession":           true,
	"AddSignInLink":        true,
	"AddSignInRequest":     true,
	"AddStepUp":            true,
	"AddUser":              true,
	"AddressChange":        true,
	"Allow":                true,
	"AnswerInvitation":     true,
	"AnswerOperator":       true,
	"Backup":               true,
	"Batches":              true,
	"Beat":                 true,
	"BlockUser":            true,
	"CheckClock":           true,
	"ClockHealth":          true,
	"Close":                true,
	"CompleteRegistration": true,
	"ConcludeAgreement":    true,
	"ConfirmAddress":       true,
	"ConsumeNumberCode":    true,
	"ConsumeSignInCode":    true,
	"ConsumeSignInToken":   true,
	"CreateTenant":         true,
	"DigestFirms":          true,
	"Due":                  true,
	"DueAddresses":         true,
	"EndDevice":            true,
	"EndProcess":           true,
	"EndSession":           true,
	"EndSessions":          true,
	"Enqueue":              true,
	"FirmViews":            true,
	"Found":                true,
	"FreeDead":             true,
	"FreeJobs":             true,
	"HoldReader":           true,
	"Inspect":              true,
	"InvitationByToken":    true,
	"InvitationsOf":        true,
	"InviteOperator":       true,
	"JobsOf":               true,
	"LastSweep":            true,
	"LinkCodeWaits":        true,
	"MasterKeys":           true,
	"Memberships":          true,
	"NextDue":              true,
	"Now":                  true,
	"OldestPending":        true,
	"Operator":             true,
	"Operators":            true,
	"Passkeys":             true,
	"Patience":             true,
	"Pool":                 true,
	"Pools":                true,
	"Processes":            true,
	"QueueView":            true,
	"Receive":              true,
	"ReceiveStatuses":      true,
	"Registration":         true,
	"RegistrationFrom":     true,
	"RegistrationOf":       true,
	"RemoveOperator":       true,
	"RemovePasskey":        true,
	"RenameUser":           true,
	"RenewSession":         true,
	"Restore":              true,
	"RewriteContent":       true,
	"RotateKeys":           true,
	"SQL":                  true,
	"ScrubAndVerify":       true,
	"Search":               true,
	"Session":              true,
	"Sessions":             true,
	"SetAddressSecret":     true,
	"SignInRequest":        true,
	"StepUpOf":             true,
	"Notice":               true,
	"AddRecovery":          true,
	"RecoveryFrom":         true,
	"Recovery":             true,
	"SetRecoveryAddress":   true,
	"SetRecoverySecret":    true,
	"ConfirmRecovery":      true,
	"StartRecovery":        true,
	"TellRecovery":         true,
	"StopRecovery":         true,
	"StopRecoveries":       true,
	"FinishRecovery":       true,
	"DropNotice":           true,
	"SweepDone":            true,
	"Housekeep":            true,
	"SwitchDigest":         true,
	"TakePasskeyAsk":       true,
	"TakeStepUp":           true,
	"Tenants":              true,
	"TouchSession":         true,
	"Turns":                true,
	"UndoAddress":          true,
	"UsePasskey":           true,
	"User":                 true,
	"UserByEmail":          true,
	"VerifyServiceAudit":   true,
	"Warnings":             true,
}

// TestSecondTenant calls every method with the second firm on the first one's rows:
// it sees nothing and changes nothing. A new method without a row here fails.
func TestSecondTenant(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		m, m2 := note(t, st, a, "wamid.1"), typed(t, st, a, "wamid.2", "Moin")
		must(t, st.AddAudio(ctx, a.Tenant.ID, m.ID, feierabend.AudioInfo{Type: "audio/ogg"}, []byte("OggS")))
		must(t, st.AddTranscript(ctx, a.Tenant.ID, m.ID, feierabend.Transcript{Text: "Moin"}))
		drafted(t, st, a, m)
		d := issued(t, st, a, m.Case)
		must(t, st.AddOut(ctx, a.Tenant.ID, feierabend.Outgoing{Sender: a.Sender.ID, Case: m.Case, Kind: feierabend.OutDraft, Ref: "1"}))
		out := feierabend.OutboxID(ask(t, st, `SELECT id FROM outbox`)[0][0])
		m3 := typed(t, st, a, "wamid.3", "Moin")
		rec, err := st.Erase(ctx, a.Tenant.ID, m3.Case, feierabend.EraseDiscarded, a.Owner)
		must(t, err)
		own := typed(t, st, b, "wamid.4", "Moin")
		invited := feierabend.NewID()
		invite(t, st, clock, a, invited, b.User.Email, feierabend.RoleStaff)
		must(t, st.AddStepUp(ctx, feierabend.StepUp{Session: []byte("s"), User: a.User.ID, Tenant: a.Tenant.ID, CodeHash: []byte("code"), ExpiresAt: clock.Now().Add(time.Hour)}))
		link := asked(t, st, a, a.User.ID, "+4917139209999", "0123456789ABC")
		offered := offered(t, st, a, "", "0123456789ABF")
		withBook(t, st, a, 24)
		kept := entry(t, st, a, "Wohlers")
		evening := eveningOf(t, st, a)

		gone, empty := feierabend.NotFound, feierabend.Kind("")
		type tn = feierabend.TenantID
		calls := map[string]struct {
			want feierabend.Kind // NotFound, or "" for a list that must be empty and for what changes nothing
			call func(tn) error
		}{
			"Tenant":         {empty, func(x tn) error { return second(st.Tenant(ctx, x)) }},
			"Profile":        {empty, func(x tn) error { return second(st.Profile(ctx, x)) }},
			"SetProfile":     {empty, func(x tn) error { return st.SetProfile(ctx, x, feierabend.Profile{Trade: "maler"}) }},
			"ProfileVersion": {empty, func(x tn) error { p, v, err := st.ProfileVersion(ctx, x); _, _ = p, v; return err }},
			"ChangeProfile": {feierabend.Conflict, func(x tn) error {
				return st.ChangeProfile(ctx, x, b.Owner, 77, "profile.changed", feierabend.Profile{Trade: "maler"})
			}},
			"Logo": {gone, func(x tn) error { return second(st.Logo(ctx, x)) }},
			"SetLogo": {empty, func(x tn) error {
				return st.SetLogo(ctx, x, b.Owner, feierabend.Logo{Width: 1, Height: 1, Pixels: []byte("x"), PNG: []byte("x")})
			}},
			"Addresses":  {empty, func(x tn) error { return none(st.Addresses(ctx, x)) }},
			"Address":    {gone, func(x tn) error { return second(st.Address(ctx, x, kept.ID)) }},
			"AddAddress": {feierabend.Conflict, func(x tn) error { return second(st.AddAddress(ctx, x, customer("Lindemann"), b.Owner)) }}, // its own book is off
			"TakeAddress": {gone, func(x tn) error {
				return second(st.TakeAddress(ctx, x, func(all []feierabend.BookEntry) feierabend.BookEntry {
					if len(all) > 0 {
						t.Errorf("TakeAddress shows %d entries of another firm", len(all))
					}
					return feierabend.BookEntry{ID: kept.ID, Version: 1, AddressEntry: customer("Lindemann")}
				}, b.Owner))
			}},
			"ChangeAddress": {gone, func(x tn) error {
				return st.ChangeAddress(ctx, x, kept.ID, 1, customer("Lindemann"), b.Owner)
			}},
			"EraseAddress": {gone, func(x tn) error {
				return second(st.EraseAddress(ctx, x, kept.ID, feierabend.EraseDiscarded, b.Owner))
			}},
			"SetBook":   {feierabend.Invalid, func(x tn) error { return second(st.SetBook(ctx, x, 1, b.Owner)) }},
			"EraseBook": {empty, func(x tn) error { return second(st.EraseBook(ctx, x, b.Owner)) }},
			"Agreement": {empty, func(x tn) error { return second(st.Agreement(ctx, x)) }},
			"Member":    {gone, func(x tn) error { return second(st.Member(ctx, x, a.User.ID)) }},
			"AddSenderLink": {feierabend.Conflict, func(x tn) error {
				return st.AddSenderLink(ctx, x, feierabend.SenderLink{ID: "s", User: b.User.ID, Phone: a.Sender.Phone})
			}},
			"AddLinkChallenge": {gone, func(x tn) error {
				c := challenge(clock.Now(), b, "+4917139209998")
				c.User = a.User.ID
				return st.AddLinkChallenge(ctx, x, c, "0123456789ABD")
			}},
			"LinkChallenge": {gone, func(x tn) error { return second(st.LinkChallenge(ctx, x, link.ID)) }},
			"LatestLink":    {gone, func(x tn) error { return second(st.LatestLink(ctx, x, link.Session)) }},
			"ConfirmLink":   {gone, func(x tn) error { return second(st.ConfirmLink(ctx, x, link.ID, b.Owner)) }},
			"CancelLink":    {empty, func(x tn) error { return st.CancelLink(ctx, x, link.ID, b.Owner) }},
			"UnlinkSender":  {gone, func(x tn) error { return st.UnlinkSender(ctx, x, a.Sender.ID, b.Owner) }},
			"UnlinkSenders": {empty, func(x tn) error { return second(st.UnlinkSenders(ctx, x, a.User.ID, b.Owner)) }},
			"AddInvitation": {feierabend.Invalid, func(x tn) error {
				return st.AddInvitation(ctx, x, feierabend.Invitation{ID: invited, Email: "x@firma.example"})
			}},
			"Invitation":         {gone, func(x tn) error { return second(st.Invitation(ctx, x, invited)) }},
			"Invitations":        {empty, func(x tn) error { return none(st.Invitations(ctx, x, clock.Now())) }},
			"SetInvitationToken": {gone, func(x tn) error { return st.SetInvitationToken(ctx, x, invited, []byte("other")) }},
			"WithdrawInvitation": {gone, func(x tn) error { return st.WithdrawInvitation(ctx, x, invited, b.Owner) }},
			"AcceptInvitation":   {gone, func(x tn) error { return second(st.AcceptInvitation(ctx, x, invited, b.User.ID, "", clock.Now())) }},
			"ProveStepUp":        {gone, func(x tn) error { return st.ProveStepUp(ctx, x, a.User.ID, []byte("code"), clock.Now()) }},
			"ProveRecovery": {gone, func(x tn) error {
				return st.ProveRecovery(ctx, x, a.User.ID, "0123456789ABC", clock.Now(), clock.Now().Add(time.Hour))
			}},
			"StepUpWaits":  {empty, func(x tn) error { return no(st.StepUpWaits(ctx, x, a.User.ID, clock.Now())) }},
			"SetRole":      {gone, func(x tn) error { return st.SetRole(ctx, x, a.User.ID, feierabend.RoleStaff, b.Owner) }},
			"RemoveMember": {gone, func(x tn) error { return st.RemoveMember(ctx, x, a.User.ID, b.Owner) }},
			"SetCustomers": {empty, func(x tn) error {
				return st.SetCustomers(ctx, x, feierabend.CustomerVoices{Forwarded: true}, b.Owner)
			}},
			"AddCustomerLink": {gone, func(x tn) error { // for a foreign case
				c := kundenlink(clock.Now(), b, m2.Case)
				return st.AddCustomerLink(ctx, x, c, "0123456789ABE")
			}},
			"CustomerLinks":   {empty, func(x tn) error { return none(st.CustomerLinks(ctx, x, "")) }},
			"CustomerLink":    {gone, func(x tn) error { return second(st.CustomerLink(ctx, x, offered.ID)) }},
			"EndCustomerLink": {gone, func(x tn) error { return st.EndCustomerLink(ctx, x, offered.ID, b.Owner) }},
			"HoldForwarded":   {gone, func(x tn) error { return second(st.HoldForwarded(ctx, x, m2.ID)) }},
			"DecideForwarded": {gone, func(x tn) error {
				return st.DecideForwarded(ctx, x, m2.ID, feierabend.ForwardTake, b.Owner)
			}},
			"LinkSender": {gone, func(x tn) error {
				return st.LinkSender(ctx, x, feierabend.SenderLink{ID: "new", User: a.User.ID, Phone: "+4917139209998"}, b.Owner)
			}},
			"DigestMembers": {empty, func(x tn) error { return none(st.DigestMembers(ctx, x)) }}, // its owner has confirmed no address
			"PlanDigests": {gone, func(x tn) error {
				return second(st.PlanDigests(ctx, x, feierabend.DigestNow(clock.Now(), time.UTC), a.User.ID))
			}},
			"TakeDigest":     {gone, func(x tn) error { return second(st.TakeDigest(ctx, x, evening)) }},
			"EndDigest":      {gone, func(x tn) error { return st.EndDigest(ctx, x, evening, true) }},
			"DigestOn":       {gone, func(x tn) error { return second(st.DigestOn(ctx, x, a.User.ID)) }},
			"SetDigest":      {gone, func(x tn) error { return st.SetDigest(ctx, x, a.User.ID, false, b.Owner) }},
			"SetStaffPrices": {empty, func(x tn) error { return st.SetStaffPrices(ctx, x, true, b.Owner) }},
			"FirmView":       {empty, func(x tn) error { return second(st.FirmView(ctx, x)) }},
			"BlockTenant":    {empty, func(x tn) error { return st.BlockTenant(ctx, x, time.Time{}, b.Owner) }},
			"WaitingMessages": {empty, func(x tn) error {
				got, err := st.WaitingMessages(ctx, x)
				if err == nil && (len(got) != 1 || got[0].ID != own.ID) {
					err = &feierabend.Error{Kind: feierabend.Internal, Code: "foreign_messages"}
				}
				return err
			}},
			"Colleagues":    {empty, func(x tn) error { return second(st.Colleagues(ctx, x)) }},
			"SenderLinks":   {empty, func(x tn) error { return second(st.SenderLinks(ctx, x)) }},
			"SenderLink":    {gone, func(x tn) error { return second(st.SenderLink(ctx, x, a.Sender.ID)) }},
			"Message":       {gone, func(x tn) error { return second(st.Message(ctx, x, m.ID)) }},
			"Messages":      {gone, func(x tn) error { return second(st.Messages(ctx, x, m.Case)) }},
			"AddAudio":      {gone, func(x tn) error { return st.AddAudio(ctx, x, m2.ID, feierabend.AudioInfo{}, []byte("x")) }},
			"Audio":         {gone, func(x tn) error { return second(st.Audio(ctx, x, m.ID)) }},
			"AddTranscript": {gone, func(x tn) error { return st.AddTranscript(ctx, x, m2.ID, feierabend.Transcript{}) }},
			"Transcript":    {gone, func(x tn) error { return second(st.Transcript(ctx, x, m.ID)) }},
			"SetReason":     {gone, func(x tn) error { return st.SetReason(ctx, x, m2.ID, "x") }},
			"FinishMessage": {gone, func(x tn) error { return st.FinishMessage(ctx, x, m2.ID, feierabend.MessageFailed, "x") }},
			"Dismiss":       {gone, func(x tn) error { return st.Dismiss(ctx, x, m2.ID, "x") }},
			"PressFor": {gone, func(x tn) error {
				return st.PressFor(ctx, x, m2.ID, feierabend.Button{Act: feierabend.ActIssue, Case: m.Case}.String())
			}},
			"MoveMessage": {gone, func(x tn) error {
				if err := st.MoveMessage(ctx, x, own.ID, m2.Case); feierabend.KindOf(err) != gone { // into a foreign case
					return err
				}
				return st.MoveMessage(ctx, x, m2.ID, own.Case) // a foreign message
			}},
			"AddDraft": {gone, func(x tn) error {
				n := feierabend.NewDraft{Case: own.Case, State: feierabend.CaseOpen, Message: m2.ID}
				if err := second(st.AddDraft(ctx, x, n)); feierabend.KindOf(err) != gone { // a foreign message
					return err
				}
				n.Case, n.Message = m2.Case, ""
				if err := second(st.AddDraft(ctx, x, n)); feierabend.KindOf(err) != gone { // a foreign case
					return err
				}
				n.Case, n.Entry = own.Case, kept.ID
				return second(st.AddDraft(ctx, x, n))
			}},
			"Draft":         {gone, func(x tn) error { return second(st.Draft(ctx, x, m.Case)) }},
			"DraftAt":       {gone, func(x tn) error { return second(st.DraftAt(ctx, x, m.Case, 1)) }},
			"Cases":         {empty, func(x tn) error { return only(own.Case)(st.Cases(ctx, x)) }},
			"Case":          {gone, func(x tn) error { return second(st.Case(ctx, x, m.Case)) }},
			"OpenCases":     {empty, func(x tn) error { return only()(st.OpenCases(ctx, x, a.Sender.ID)) }},
			"Lease":         {gone, func(x tn) error { return second(st.Lease(ctx, x, a.Sender.ID, "h", time.Minute)) }},
			"Release":       {empty, func(x tn) error { return st.Release(ctx, x, a.Sender.ID, "h") }},
			"PeekNumber":    {empty, func(x tn) error { return second(st.PeekNumber(ctx, x, "RE-2026")) }},
			"ReserveNumber": {gone, func(x tn) error { n, d, err := st.ReserveNumber(ctx, x, m.Case, "RE-2026"); _, _ = n, d; return err }},
			"AddDocument": {gone, func(x tn) error {
				return st.AddDocument(ctx, x, feierabend.NewDocument{Document: d, Version: 1, Files: []feierabend.File{{Name: "x", Bytes: []byte("x")}}})
			}},
			"Document":       {gone, func(x tn) error { return second(st.Document(ctx, x, d.ID)) }},
			"CaseDocument":   {gone, func(x tn) error { return second(st.CaseDocument(ctx, x, m.Case)) }},
			"Files":          {gone, func(x tn) error { return second(st.Files(ctx, x, d.ID)) }},
			"File":           {gone, func(x tn) error { return second(st.File(ctx, x, d.ID, d.Number+".pdf")) }},
			"MarkDownloaded": {gone, func(x tn) error { return st.MarkDownloaded(ctx, x, d.ID, b.Owner, clock.Now()) }},
			"Warn":           {gone, func(x tn) error { return second(st.Warn(ctx, x, m.Case)) }},
			"Instruct": {empty, func(x tn) error {
				return second(st.Instruct(ctx, x, feierabend.Instruction{RetentionDays: 1}, b.Owner))
			}},
			"LastHeard":     {empty, func(x tn) error { return second(st.LastHeard(ctx, x, a.Sender.ID)) }},
			"StopCountdown": {gone, func(x tn) error { return st.StopCountdown(ctx, x, m.Case, b.Owner) }},
			"AddOut": {gone, func(x tn) error {
				o := feierabend.Outgoing{Sender: a.Sender.ID, Kind: feierabend.OutDraft}
				if err := st.AddOut(ctx, x, o); feierabend.KindOf(err) != gone { // to a foreign sender
					return err
				}
				o.Sender, o.Case = b.Sender.ID, m.Case
				return st.AddOut(ctx, x, o) // about a foreign case
			}},
			"Outbox":       {gone, func(x tn) error { return second(st.Outbox(ctx, x, out)) }},
			"BeginSend":    {gone, func(x tn) error { return second(st.BeginSend(ctx, x, out)) }},
			"SentAs":       {gone, func(x tn) error { return st.SentAs(ctx, x, out, "w", "m") }},
			"FailSend":     {gone, func(x tn) error { return st.FailSend(ctx, x, out, 1, true) }},
			"Forgotten":    {gone, func(x tn) error { return st.Forgotten(ctx, x, out) }},
			"Erase":        {gone, func(x tn) error { return second(st.Erase(ctx, x, m.Case, feierabend.EraseDiscarded, b.Owner)) }},
			"Receipt":      {gone, func(x tn) error { return second(st.Receipt(ctx, x, rec.ID)) }},
			"Receipts":     {empty, func(x tn) error { return none(st.Receipts(ctx, x)) }},
			"ReceiptOf":    {gone, func(x tn) error { return second(st.ReceiptOf(ctx, x, m3.Case)) }},
			"Fingerprints": {gone, func(x tn) error { w, p, err := st.Fingerprints(ctx, x, m.Case); _, _ = w, p; return err }},
			"NumberLedger": {empty, func(x tn) error { return none(st.NumberLedger(ctx, x)) }},
			"NumberGaps":   {empty, func(x tn) error { return none(st.NumberGaps(ctx, x)) }},
			"VerifyAudit":  {empty, func(x tn) error { return second(st.VerifyAudit(ctx, x, feierabend.AuditMark{})) }},
			"Audit":        {empty, func(x tn) error { return second(st.Audit(ctx, x)) }},
		}
		before := dump(t, st, a.Tenant.ID)
		typ := reflect.TypeOf(st)
		for i := range typ.NumMethod() {
			name := typ.Method(i).Name
			c, ok := calls[name]
			if ofAll[name] {
				continue
			}
			if !ok {
				t.Errorf("method %s has no row in this test", name)
				continue
			}
			if err := c.call(b.Tenant.ID); feierabend.KindOf(err) != c.want {
				t.Errorf("%s by the second firm: %v, want %q", name, err, c.want)
			}
			if err := c.call(feierabend.TenantID{}); feierabend.KindOf(err) != feierabend.Invalid {
				t.Errorf("%s without a tenant: %v, want invalid", name, err)
			}
		}
		if after := dump(t, st, a.Tenant.ID); after != before {
			t.Errorf("the second firm changed rows of the first:\n%s\n---\n%s", before, after)
		}
	})
}

// only gives an error unless the list holds exactly these cases.
func only(want ...feierabend.CaseID) func([]feierabend.Case, error) error {
	return func(got []feierabend.Case, err error) error {
		if err != nil {
			return err
		}
		if len(got) != len(want) {
			return &feierabend.Error{Kind: feierabend.Internal, Code: "foreign_cases"}
		}
		for i := range got {
			if got[i].ID != want[i] {
				return &feierabend.Error{Kind: feierabend.Internal, Code: "foreign_case"}
			}
		}
		return nil
	}
}

func no(yes bool, err error) error {
	if err == nil && yes {
		return &feierabend.Error{Kind: feierabend.Internal, Code: "foreign_rows"}
	}
	return err
}

func none[T any](got []T, err error) error {
	if err == nil && len(got) > 0 {
		return &feierabend.Error{Kind: feierabend.Internal, Code: "foreign_rows"}
	}
	return err
}
