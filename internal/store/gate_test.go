package store_test

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestErrorsOfFilesAreTold: an error of the file system while scrubbing or searching
// says what is the matter, without the path, and the proof comes when it is mended.
func TestErrorsOfFilesAreTold(t *testing.T) {
	for _, e := range storetest.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			ctx := context.Background()
			o := storetest.Options(t, e.DSN(t), storetest.NewClock())
			where, cause := "", error(nil)
			o.Gate = func(point string) error {
				if point == where {
					return cause
				}
				return nil
			}
			st, err := store.Open(ctx, o)
			must(t, err)
			defer st.Close()
			a, _ := storetest.Seed(t, st)
			m := typed(t, st, a, "wamid.1", "Moin")
			rec, err := st.Erase(ctx, a.Tenant.ID, m.Case, feierabend.EraseDiscarded, a.Owner)
			must(t, err)
			points := []string{"files list", "files open", "files read"}
			if e.Name == "sqlite" {
				points = append(points, "file open", "file write", "file sync")
			}
			for _, where = range points {
				for errno, code := range map[syscall.Errno]string{syscall.ENOSPC: "disk_full", syscall.EDQUOT: "disk_full", syscall.EROFS: "read_only", syscall.EACCES: "read_only", syscall.EIO: "disk"} {
					cause = &fs.PathError{Op: "write", Path: "/var/lib/feierabend", Err: errno}
					_, err := st.ScrubAndVerify(ctx)
					wantCode(t, err, feierabend.Unavailable, code)
					if err != nil && strings.Contains(err.Error(), "/var/lib") {
						t.Errorf("%s: the error names the path: %v", where, err)
					}
				}
			}
			where, cause = "files open", syscall.EIO
			_, err = st.Search(ctx, [][]byte{[]byte("x")})
			wantCode(t, err, feierabend.Unavailable, "disk")
			where = ""
			n, err := st.ScrubAndVerify(ctx)
			must(t, err)
			rec, err = st.Receipt(ctx, a.Tenant.ID, rec.ID)
			must(t, err)
			if n != 1 || rec.Verification != feierabend.VerifyVerified {
				t.Errorf("%d verified, receipt %s by %s", n, rec.Verification, rec.Method)
			}
		})
	}
}

// TestLostConnectionsAreTold: what a lost or refusing PostgreSQL says is a fault that
// passes, told without the words of the driver.
func TestLostConnectionsAreTold(t *testing.T) {
	for _, e := range storetest.Engines(t)[1:] {
		var cause error
		o := storetest.Options(t, e.DSN(t), storetest.NewClock())
		o.Gate = func(string) error { return cause }
		st, err := store.Open(context.Background(), o)
		must(t, err)
		defer st.Close()
		for _, tc := range []struct {
			err  error
			code string
		}{
			{&fs.PathError{Op: "read tcp", Path: "10.0.0.1:5432", Err: syscall.ECONNRESET}, "database_down"},
			{&fs.PathError{Op: "write tcp", Path: "10.0.0.1:5432", Err: syscall.EPIPE}, "database_down"},
			{&pgconn.PgError{Code: "58030", Message: "10.0.0.1"}, "disk"},
			{&pgconn.PgError{Code: "25006", Message: "10.0.0.1"}, "read_only"},
			{&pgconn.PgError{Code: "53100", Message: "10.0.0.1"}, "disk_full"},
			{&pgconn.PgError{Code: "57P01", Message: "10.0.0.1"}, "database_down"},
			{errors.Join(context.DeadlineExceeded), "canceled"},
		} {
			cause = tc.err
			_, err := st.Tenants(context.Background())
			wantCode(t, err, feierabend.Unavailable, tc.code)
			if err != nil && strings.Contains(err.Error(), "10.0.0.1") {
				t.Errorf("the error names the address: %v", err)
			}
		}
	}
}

// TestPassingFaultKeepsTheProofPending: whichever connection of a scrub is lost, the
// receipt goes on waiting; only a cluster that cannot be searched makes it
// „unverifiable“ for good.
func TestPassingFaultKeepsTheProofPending(t *testing.T) {
	for _, e := range storetest.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			ctx := context.Background()
			o := storetest.Options(t, e.DSN(t), storetest.NewClock())
			left := -1
			o.Gate = func(point string) error {
				if strings.HasPrefix(point, "scrub") {
					if left--; left == 0 {
						return syscall.ECONNRESET
					}
				}
				return nil
			}
			st, err := store.Open(ctx, o)
			must(t, err)
			defer st.Close()
			a, _ := storetest.Seed(t, st)
			m := typed(t, st, a, "wamid.1", "Moin")
			rec, err := st.Erase(ctx, a.Tenant.ID, m.Case, feierabend.EraseDiscarded, a.Owner)
			must(t, err)
			for n := 1; ; n++ {
				left = n
				_, err := st.ScrubAndVerify(ctx)
				now, rerr := st.Receipt(ctx, a.Tenant.ID, rec.ID)
				must(t, rerr)
				if left > 0 { // the scrub has fewer steps than that
					must(t, err)
					if n < 4 || now.Verification != feierabend.VerifyVerified {
						t.Errorf("after %d steps %s by %s", n-1, now.Verification, now.Method)
					}
					return
				}
				if err == nil || now.Verification != feierabend.VerifyPending {
					t.Fatalf("step %d lost: %v, receipt %s by %s", n, err, now.Verification, now.Method)
				}
			}
		})
	}
}
