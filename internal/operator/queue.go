package operator

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"feierabend"
)

// queuePage is what the page shows.
type queuePage struct {
	At        string
	Waiting   int
	Running   int
	Oldest    string // age of the oldest job that waits
	Health    []healthRow
	Kinds     []kindRow
	Errors    []feierabend.QueueError
	Processes []processRow
}

type healthRow struct {
	Name, Level, Word, Code, Since string
}

type kindRow struct {
	Kind, State string
	Jobs        int
	Age         string
}

type processRow struct {
	ID, Roles, Age, Beat string
	Master               int16
	Self, Silent         bool
}

// queue shows the queue: a page, or JSON for who asks for it.
func (s *server) queue(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	v, err := s.o.Queue.QueueView(ctx)
	if err != nil {
		s.fail(w, err)
		return
	}
	if strings.Contains(r.Header.Get("Accept"), "application/json") || r.URL.Query().Get("format") == "json" {
		s.json(w, http.StatusOK, v)
		return
	}
	var b bytes.Buffer
	if err := s.page.Execute(&b, s.view(v, s.rows(r))); err != nil {
		s.fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Write(b.Bytes())
}

func (s *server) view(v feierabend.QueueView, health []feierabend.Health) queuePage {
	p := queuePage{At: v.At.UTC().Format("02.01.2006 15:04:05") + " UTC", Errors: v.Errors, Oldest: "–"}
	oldest := time.Time{}
	for _, k := range v.Kinds {
		switch {
		case k.State == "running":
			p.Running += k.Jobs
		case k.Waiting():
			p.Waiting += k.Jobs
			if oldest.IsZero() || k.Oldest.Before(oldest) {
				oldest = k.Oldest
			}
		}
		p.Kinds = append(p.Kinds, kindRow{Kind: k.Kind.German(), State: k.GermanState(), Jobs: k.Jobs, Age: age(v.At, k.Oldest)})
	}
	if !oldest.IsZero() {
		p.Oldest = age(v.At, oldest)
	}
	for _, x := range v.Processes {
		p.Processes = append(p.Processes, processRow{
			ID: x.ID, Roles: strings.Join(x.Roles, ", "), Age: age(v.At, x.StartedAt), Beat: age(v.At, x.SeenAt), Master: x.Master,
			Self: x.ID == s.o.Self, Silent: v.At.Sub(x.SeenAt) > silent,
		})
	}
	for _, h := range health {
		row := healthRow{Name: h.Name, Level: string(h.Level), Word: h.Level.German(), Code: h.Code}
		if !h.Since.IsZero() {
			row.Since = "seit " + age(v.At, h.Since)
		}
		p.Health = append(p.Health, row)
	}
	slices.SortStableFunc(p.Health, func(a, b healthRow) int { return rank(a.Level) - rank(b.Level) })
	return p
}

// silent is how long a process may not have beaten before the page marks it.
const silent = 6 * time.Second

func rank(level string) int {
	return slices.Index([]string{string(feierabend.HealthRed), string(feierabend.HealthYellow), string(feierabend.HealthGreen)}, level)
}

// age is a duration for people: one unit, rounded down.
func age(now, then time.Time) string {
	d := max(now.Sub(then), 0)
	switch {
	case then.IsZero():
		return "–"
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	}
	return fmt.Sprintf("%d Tage", int(d.Hours()/24))
}
