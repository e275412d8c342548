//go:build !noscrub

package store

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/seal"
)

const killedMasters = "2:Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA=,1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

// TestRotateKilled kills a process between the batches of a rotation and before its
// proof: every case opens at any time, and the last call proves all old
// forms gone, those of the killed calls too.
func TestRotateKilled(t *testing.T) {
	if dir := os.Getenv("FEIERABEND_ROTATE_DIR"); dir != "" {
		rotateAloud(t, dir)
		return
	}
	ctx, dir := t.Context(), t.TempDir()
	st := crashStore(t, dir)
	var in []feierabend.Inbound
	for i := range 330 {
		in = append(in, feierabend.Inbound{Channel: "whatsapp", ExternalID: fmt.Sprint("wamid.", i), From: "+491", Kind: feierabend.InboundText, Text: fmt.Sprint("Notiz ", i)})
	}
	out, err := st.Receive(ctx, in)
	check(t, err)
	check(t, st.Close())
	for _, kill := range []string{"told 50", "told 1", "told 1", "told all"} {
		cmd := exec.Command(os.Args[0], "-test.run", "^TestRotateKilled$")
		cmd.Env = append(os.Environ(), "FEIERABEND_ROTATE_DIR="+dir)
		pipe, err := cmd.StdoutPipe()
		check(t, err)
		check(t, cmd.Start())
		for lines := bufio.NewScanner(pipe); lines.Scan(); {
			if strings.HasPrefix(lines.Text(), kill) {
				check(t, cmd.Process.Kill())
			}
		}
		cmd.Wait()
		if st, err = reopen(dir); err != nil {
			t.Fatal(err)
		}
		for i, o := range out {
			if m, err := st.Message(ctx, o.Tenant, o.Message); err != nil || m.Text != in[i].Text {
				t.Fatalf("after kill at %q: %q, %v", kill, m.Text, err)
			}
		}
		check(t, st.Close())
	}
	st, err = reopen(dir)
	check(t, err)
	defer st.Close()
	r, err := st.RotateKeys(ctx, nil)
	check(t, err)
	if r.Searched != len(in) || r.Hits != 0 {
		t.Errorf("%+v, want all %d old forms searched", r, len(in))
	}
}

func reopen(dir string) (*Store, error) {
	keys, err := seal.ParseKeys(killedMasters)
	if err != nil {
		return nil, err
	}
	root, err := seal.ParseRoot("Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA=")
	if err != nil {
		return nil, err
	}
	return Open(context.Background(), Options{DSN: "sqlite:" + dir + "/feierabend.db", Keys: keys, Root: root, Now: time.Now, NewID: feierabend.NewID})
}

// rotateAloud says how far it is, and waits after the last batch to be killed.
func rotateAloud(t *testing.T, dir string) {
	st, err := reopen(dir)
	check(t, err)
	defer st.Close()
	_, err = st.RotateKeys(context.Background(), func(done, all int) {
		if done == all {
			fmt.Println("told all")
			select {} // until it is killed, before the proof
		}
		fmt.Println("told", done)
	})
	check(t, err)
}
