package main

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"

	"feierabend"
	"feierabend/internal/seal"
	"feierabend/internal/simulator"
	"feierabend/internal/store"
)

// addresses are those of the fleet's database for its three roles.
type addresses struct{ owner, app, scrub string }

func (a addresses) env() []string {
	return []string{"FEIERABEND_DATABASE_URL=" + a.app, "FEIERABEND_DATABASE_MIGRATE_URL=" + a.owner, "FEIERABEND_DATABASE_SCRUB_URL=" + a.scrub}
}

// database makes a database of its own with the roles of docs/postgresql.md.
func (f *fleet) database(ctx context.Context, dsn string) (a addresses, err error) {
	admin, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return a, err
	}
	defer admin.Close(ctx)
	name := fmt.Sprintf("fleet_%d", time.Now().UnixNano())
	for _, q := range []string{
		`DO $$ BEGIN CREATE ROLE feierabend_owner LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
		`DO $$ BEGIN CREATE ROLE feierabend_app LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
		`DO $$ BEGIN CREATE ROLE feierabend_scrub LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
		`GRANT feierabend_scrub TO feierabend_owner`,
		`GRANT pg_checkpoint, pg_monitor TO feierabend_scrub`,
		`CREATE DATABASE ` + name + ` OWNER feierabend_owner`,
	} {
		if _, err := admin.Exec(ctx, q); err != nil {
			return a, fmt.Errorf("%s: %w", q, err)
		}
	}
	u, err := url.Parse(dsn)
	if err != nil {
		return a, err
	}
	u.Path = "/" + name
	if f.pg, err = pgx.Connect(ctx, u.String()); err != nil {
		return a, err
	}
	if _, err := f.pg.Exec(ctx, `GRANT EXECUTE ON FUNCTION pg_switch_wal() TO feierabend_scrub`); err != nil {
		return a, err
	}
	if _, err := f.pg.Exec(ctx, `SET search_path = account, content, queue`); err != nil {
		return a, err
	}
	as := func(role string) string { v := *u; v.User = url.User(role); return v.String() }
	return addresses{as("feierabend_owner"), as("feierabend_app"), as("feierabend_scrub")}, nil
}

// seedFleet makes firms with one owner each and people who dictate, as many as the
// simulator has phones.
func seedFleet(ctx context.Context, a addresses, master, root string, p fleetPlan) error {
	keys, err := seal.ParseKeys(master)
	if err != nil {
		return err
	}
	base, err := seal.ParseRoot(root)
	if err != nil {
		return err
	}
	st, err := store.Open(ctx, store.Options{DSN: a.app, MigrateDSN: a.owner, ScrubDSN: a.scrub, Keys: keys, Root: base, Now: time.Now, NewID: feierabend.NewID})
	if err != nil {
		return err
	}
	defer st.Close()
	now := time.Now()
	phone := 0
	for i := range p.firms {
		id, err := feierabend.ParseTenantID(feierabend.NewID())
		if err != nil {
			return err
		}
		owner := feierabend.User{ID: feierabend.UserID(feierabend.NewID()), Email: fmt.Sprintf("firma%d@fleet.example", i), Name: fmt.Sprintf("Inhaber %d", i)}
		by := feierabend.Actor{User: owner.ID, Role: feierabend.RoleOwner, Via: feierabend.ViaCLI}
		firm := feierabend.Tenant{ID: id, Name: fmt.Sprintf("Firma %d", i), CreatedAt: now, RetentionDays: 30, Countdown: 24 * time.Hour}
		profile := feierabend.Profile{
			Trade: "shk", VATScheme: "standard", VATRate: feierabend.Dec(19), DefaultRole: "meister",
			Rates:  map[string]feierabend.Dec4{"meister": feierabend.Dec(68)},
			Travel: &feierabend.Travel{Mode: "flat", Price: feierabend.Dec(35), Unit: "LS", Label: "Anfahrt"}, Seller: feierabend.Seller{Name: firm.Name},
		}
		agreement := feierabend.ProcessingAgreement{Tenant: id, Version: "1", Hash: make([]byte, 32), ConcludedAt: now, By: by}
		link := func(u feierabend.UserID) feierabend.SenderLink {
			l := feierabend.SenderLink{ID: feierabend.SenderID(feierabend.NewID()), Tenant: id, User: u, Phone: simulator.CrowdPhone(phone), LinkedAt: now}
			phone++
			return l
		}
		first := link(owner.ID)
		if err := st.Found(ctx, firm, profile, owner, agreement, &first); err != nil {
			return err
		}
		for n := 1; n < (p.senders+p.firms-1)/p.firms && phone < p.senders; n++ {
			u := feierabend.User{ID: feierabend.UserID(feierabend.NewID()), Email: fmt.Sprintf("mensch%d@fleet.example", phone), Name: fmt.Sprintf("Mensch %d", phone)}
			if err := st.AddUser(ctx, u); err != nil {
				return err
			}
			if err := st.AddMembership(ctx, feierabend.Membership{User: u.ID, Tenant: id, Role: feierabend.RoleStaff}); err != nil {
				return err
			}
			if err := st.AddSenderLink(ctx, id, link(u.ID)); err != nil {
				return err
			}
		}
	}
	return nil
}
