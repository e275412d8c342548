package main

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// swept asks for a sweep and waits for its end: done, or refused with a code.
func (c *clocked) swept(refusal string) error {
	db, err := sql.Open(c.db.driver, strings.Replace(c.db.address, "mode=ro", "mode=rw", 1))
	if err != nil {
		return err
	}
	defer db.Close()
	var id int64
	if err := db.QueryRow(`INSERT INTO river_job(args, kind, max_attempts, metadata, priority, queue, state, tags)
		SELECT args, 'sweep', max_attempts, metadata, priority, queue, 'available', tags FROM river_job WHERE kind = 'draft' ORDER BY id LIMIT 1 RETURNING id`).Scan(&id); err != nil {
		return fmt.Errorf("ask for a sweep: %w", err)
	}
	errorText := `SELECT state FROM river_job WHERE id = $1 AND (state = 'completed' OR errors IS NOT NULL)`
	return until("sweep "+refusal, 15*time.Second, func() (bool, error) {
		rows, err := c.query(errorText, id)
		if err != nil || len(rows) == 0 {
			return false, err
		}
		if done := rows[0] == "completed"; done != (refusal == "") {
			return false, fmt.Errorf("the sweep is %s", rows[0])
		}
		return true, nil
	})
}

// expect looks at the operator's health.
func (c *clocked) expect(level, code string) error {
	return until("health "+level, 10*time.Second, func() (bool, error) {
		res, err := http.Get("http://" + c.internal + "/health")
		if err != nil {
			return false, err
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		text := strings.Join(strings.Fields(string(b)), "")
		i := strings.Index(text, `"clock"`)
		if err != nil || i < 0 {
			return false, errors.Join(err, fmt.Errorf("no row of the clock: %s", text))
		}
		row := text[i:]
		row = row[:strings.Index(row, "}")]
		if !strings.Contains(row, `"`+level+`"`) || code != "" && !strings.Contains(row, `"`+code+`"`) {
			return false, fmt.Errorf("the row is %s", row)
		}
		return level != "red" || res.StatusCode == http.StatusServiceUnavailable, nil
	})
}

// readable counts the cases whose page shows the buyer.
func (c *clocked) readable(want int) error {
	ids, err := c.query(`SELECT id FROM cases`)
	if err != nil {
		return err
	}
	n := 0
	for _, id := range ids {
		_, body, err := c.reader.ask("/v/"+id, nil)
		if err != nil {
			return err
		}
		for _, name := range c.notes {
			if strings.Contains(body, name) {
				n++
				break
			}
		}
	}
	if n != want {
		return fmt.Errorf("%d of %d cases can be read, want %d", n, len(ids), want)
	}
	return nil
}

// erased counts the receipts, each for the time that was over.
func (c *clocked) erased(want int) error {
	n, err := c.count(`SELECT count(*) FROM receipt WHERE reason = 'expired'`)
	if all, aerr := c.count(`SELECT count(*) FROM receipt`); err == nil && (n != want || all != want) {
		err = errors.Join(aerr, fmt.Errorf("%d of %d erasures by age, want %d", n, all, want))
	}
	return err
}

// doctorSays runs the doctor, who must find something.
func (c *clocked) doctorSays(want string) error {
	out, err := c.command("doctor")
	if !strings.Contains(string(out), want) {
		return errors.Join(err, fmt.Errorf("the doctor does not say %q: %s", want, out))
	}
	return nil
}
