package store

import (
	"context"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"feierabend"
	"feierabend/internal/seal"
)

// messageBody is the sealed part of a message.
type messageBody struct {
	ExternalID string `json:"external_id,omitempty"`
	MediaID    string `json:"media_id,omitempty"`
	MediaType  string `json:"media_type,omitempty"`
	SHA256     string `json:"sha256,omitempty"`
	Text       string `json:"text,omitempty"`
	Raw        []byte `json:"raw,omitempty"`
}

// acceptance is one transaction of the accept path. Each step below is one
// statement for all messages together.
type acceptance struct {
	s     *Store
	t     tx
	now   time.Time
	items []*accepting
	jobs  []feierabend.Job
}

// accepting is one message on its way in.
type accepting struct {
	feierabend.Inbound
	n       int    // its place in the batch
	seen    []byte // keyed hash of channel and external id
	phone   []byte
	bsuid   []byte
	link    *acceptLink
	outcome feierabend.Outcome
	button  string // its payload where it is ours: ids and codes only
	vault   vault
	master  int16
	wrapped []byte
	caseID  feierabend.CaseID
	keyID   int64
}

func (a *acceptance) add(in feierabend.Inbound) {
	i := &accepting{Inbound: in, n: len(a.items), seen: a.s.root.MAC(seal.PurposeSeen, in.Channel, in.ExternalID), phone: a.s.phoneHash(in.From), bsuid: a.s.bsuidHash(in.BSUID)}
	if in.Kind == feierabend.InboundButton {
		if _, ours := feierabend.ParseButton(in.Button); ours {
			i.button = in.Button
		}
	}
	a.items = append(a.items, i)
}

func (a *acceptance) store(ctx context.Context) error {
	for _, step := range []func(context.Context) error{a.findSenders, a.countStrangers, a.dropSeen, a.makeKeys, a.tellRefused} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	steps, err := a.rows()
	if err != nil || len(steps) == 0 {
		return err
	}
	return a.t.conclude(ctx, steps, a.jobs)
}

// countStrangers leaves of unknown senders a keyed counter of a day, nothing else.
// Counters are taken in one order, so that two processes never wait for each other.
func (a *acceptance) countStrangers(ctx context.Context) error {
	type stranger struct {
		*accepting
		who string
	}
	var strangers []stranger
	for _, i := range a.items {
		if i.link != nil {
			i.outcome = feierabend.Outcome{Tenant: i.link.tenant, Code: feierabend.Duplicate}
			continue
		}
		i.outcome.Code = feierabend.UnknownSender
		who := hex.EncodeToString(i.bsuid)
		if i.phone != nil {
			who = hex.EncodeToString(i.phone)
		}
		strangers = append(strangers, stranger{i, who})
	}
	slices.SortStableFunc(strangers, func(x, y stranger) int { return strings.Compare(x.who, y.who) })
	for _, x := range strangers {
		n, err := a.s.count(ctx, a.t, "stranger/"+x.who, 24*time.Hour, a.now)
		if err != nil {
			return err
		}
		x.outcome.First = n == 1
	}
	return nil
}

// dropSeen keeps the messages that are new: of any number of parallel deliveries
// of one message the database lets one in.
func (a *acceptance) dropSeen(ctx context.Context) error {
	var hashes [][]byte
	for _, i := range a.items {
		if i.link != nil {
			hashes = append(hashes, i.seen)
		}
	}
	if len(hashes) == 0 {
		return nil
	}
	isNew := map[string]bool{}
	if err := a.t.run(ctx, a.markSeen(hashes, func(r row) error {
		var h []byte
		err := r.Scan(&h)
		isNew[string(h)] = true
		return err
	})); err != nil {
		return err
	}
	for _, i := range a.items {
		if i.link == nil || !isNew[string(i.seen)] {
			continue
		}
		delete(isNew, string(i.seen)) // the same message twice in one batch
		i.outcome.Message = feierabend.MessageID(a.s.newID())
		i.outcome.Code = feierabend.Accepted
		switch {
		case !i.link.agreement:
			i.outcome.Code = feierabend.NoAgreement
		case i.link.blocked:
			i.outcome.Code = feierabend.FirmBlocked
		case !i.At.IsZero() && a.now.Sub(i.At) > seenTerm:
			// Its keyed id may have been forgotten: a replay must not make a second draft.
			i.outcome.Code = feierabend.TooOld
		}
	}
	return nil
}

// markSeen inserts the keyed ids and gives those that were not there.
func (a *acceptance) markSeen(hashes [][]byte, scan func(row) error) []step {
	if a.t.fenced() {
		return a.markSeenPG(hashes, scan)
	}
	var args []any
	for _, h := range hashes {
		args = append(args, h, micros(a.now))
	}
	return inserting("", `INSERT INTO seen_message(hash, at) VALUES `, ` ON CONFLICT DO NOTHING RETURNING hash`, 2, args, scan)
}

// content says that the message opens a case: everything but buttons, of firms
// that have concluded an agreement and are not blocked.
func (i *accepting) content() bool {
	return i.outcome.Code == feierabend.Accepted && i.Kind != feierabend.InboundButton
}

// makeKeys gives each content message its own case key.
func (a *acceptance) makeKeys(ctx context.Context) error {
	byKey, args := map[string]*accepting{}, []any(nil)
	for _, i := range a.items {
		if i.outcome.Message == "" {
			continue
		}
		tenant := i.link.tenant.String()
		var err error
		if !i.content() {
			if i.vault, err = a.s.account(tenant); err != nil {
				return err
			}
			continue
		}
		i.caseID = feierabend.CaseID(a.s.newID())
		i.vault = vault{tenant: tenant, caseName: string(i.caseID)}
		if i.vault.key, i.master, i.wrapped, err = a.s.keys.NewKey(keyPlace(tenant, string(i.caseID))); err != nil {
			return err
		}
		byKey[string(i.wrapped)] = i
		args = append(args, i.master, i.wrapped)
	}
	if len(args) == 0 || a.t.fenced() { // there they are inserted with the cases
		return nil
	}
	return a.t.run(ctx, inserting("", `INSERT INTO content_key(master_id, wrapped) VALUES `, ` RETURNING id, wrapped`, 2, args, func(r row) error {
		var id int64
		var wrapped []byte
		err := r.Scan(&id, &wrapped)
		if i := byKey[string(wrapped)]; i != nil {
			i.keyID = id
		}
		return err
	}))
}

// rows gives the statements that insert cases and messages.
func (a *acceptance) rows() ([]step, error) {
	if a.t.fenced() {
		messages, err := a.addMessagesPG()
		return append(a.openCasesPG(), messages...), err
	}
	messages, err := a.addMessages()
	return append(a.openCases(), messages...), err
}

// openCases opens the cases; their clock starts now.
func (a *acceptance) openCases() []step {
	const columns = 12
	var args []any
	for _, i := range a.items {
		if i.outcome.Message != "" && i.content() {
			at := a.at(i.n)
			args = append(args, i.vault.tenant, i.caseID, i.keyID, i.link.id, feierabend.CaseOpen, 0, at, at,
				micros(feierabend.ExpiresAt(a.now, i.link.days)), 0, false, "")
		}
	}
	return inserting("", `INSERT INTO cases(tenant_id, id, key_id, sender_id, state, version, created_at, changed_at, expires_at, erase_at, held, attention) VALUES `,
		"", columns, args, nil)
}

// at keeps the order of a batch: one microsecond more for each message.
func (a *acceptance) at(n int) int64 { return micros(a.now) + int64(n) }

// describe gives state, reason and sealed body of a new message, and names its first job.
func (a *acceptance) describe(i *accepting) (state feierabend.MessageState, reason string, sealed []byte, err error) {
	body := messageBody{ExternalID: i.ExternalID, MediaID: i.MediaID, MediaType: i.MediaType}
	state = feierabend.MessageReceived
	if i.content() {
		body.SHA256, body.Text, body.Raw = i.SHA256, i.Text, i.Raw
	}
	if i.outcome.Code != feierabend.Accepted {
		state, reason = feierabend.MessageFailed, string(i.outcome.Code)
	} else {
		a.jobs = append(a.jobs, i.firstJob())
	}
	sealed, err = i.vault.sealJSON(kindMessage, string(i.outcome.Message), 0, body)
	return state, reason, sealed, err
}

// addMessages inserts the messages.
func (a *acceptance) addMessages() ([]step, error) {
	const columns = 19
	var args []any
	for _, i := range a.items {
		if i.outcome.Message == "" {
			continue
		}
		state, reason, sealed, err := a.describe(i)
		if err != nil {
			return nil, err
		}
		args = append(args, i.vault.tenant, i.outcome.Message, i.caseID, i.link.id, i.Channel, i.Kind, state, reason, i.button, i.MediaSize, i.Voice, i.Forwarded,
			"", 0, 0, false, micros(i.At), a.at(i.n), sealed)
	}
	return inserting("", `INSERT INTO message(tenant_id, id, case_id, sender_id, channel, kind, state, reason, button, media_size, voice, forwarded,
		audio_type, audio_bytes, audio_length, audio_complete, at, received_at, body) VALUES `, "", columns, args, nil), nil
}

// firstJob: text is drafted at once, a button is its own job, everything else is
// fetched, and intake tells what cannot be taken.
func (i *accepting) firstJob() feierabend.Job {
	j := feierabend.Job{K: feierabend.JobFetch, Tenant: i.vault.tenant, Ref: string(i.outcome.Message)}
	switch {
	case i.Kind == feierabend.InboundButton && !i.Forwarded:
		b, _ := feierabend.ParseButton(i.button)
		j.K = b.Act.Job()
	case i.Kind == feierabend.InboundText && !i.Forwarded:
		j.K = feierabend.JobDraft
	}
	return j
}
