package operator

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"feierabend"
)

// Figure is one sample for /metrics. Names follow Prometheus: a counter ends in _total.
type Figure struct {
	Name   string // "feierabend_jobs_total"
	Help   string
	Labels []string // name, value, name, value: kinds and codes only
	Value  float64
}

// metrics gives the figures in Prometheus' text format 0.0.4: those of this process,
// and those of the queue, which are the same whichever process is asked.
func (s *server) metrics(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	var all []Figure
	if s.o.Figures != nil {
		all = s.o.Figures()
	}
	up := Figure{Name: "feierabend_database_up", Help: "1 where the database answers.", Value: 1}
	v, err := s.o.Queue.QueueView(ctx)
	if err != nil {
		up.Value = 0
	} else {
		all = append(all, ofQueue(v)...)
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.Write(exposition(append(all, up)))
}

func ofQueue(v feierabend.QueueView) (out []Figure) {
	for _, k := range v.Kinds {
		labels := []string{"kind", string(k.Kind), "state", k.State}
		out = append(out,
			Figure{Name: "feierabend_queue_jobs", Help: "Jobs that are not done, by kind and state.", Labels: labels, Value: float64(k.Jobs)},
			Figure{Name: "feierabend_queue_oldest_seconds", Help: "Age of the oldest job, by kind and state.", Labels: labels, Value: v.At.Sub(k.Oldest).Seconds()})
	}
	roles := map[string]int{}
	for _, p := range v.Processes {
		if v.At.Sub(p.SeenAt) > silent {
			continue
		}
		for _, r := range p.Roles {
			roles[r]++
		}
	}
	for _, r := range []string{feierabend.ServesWeb, feierabend.ServesWork} {
		out = append(out, Figure{Name: "feierabend_processes", Help: "Processes that live, by role.", Labels: []string{"role", r}, Value: float64(roles[r])})
	}
	return out
}

// exposition writes the figures; samples of a name stand together.
func exposition(all []Figure) []byte {
	slices.SortStableFunc(all, func(a, b Figure) int { return strings.Compare(a.Name, b.Name) })
	var b bytes.Buffer
	last := ""
	for _, f := range all {
		if f.Name != last {
			kind := "gauge"
			if strings.HasSuffix(f.Name, "_total") {
				kind = "counter"
			}
			fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s %s\n", f.Name, f.Help, f.Name, kind)
			last = f.Name
		}
		b.WriteString(f.Name)
		for i := 0; i+1 < len(f.Labels); i += 2 {
			sep := ","
			if i == 0 {
				sep = "{"
			}
			fmt.Fprintf(&b, "%s%s=%q", sep, f.Labels[i], f.Labels[i+1])
		}
		if len(f.Labels) > 1 {
			b.WriteByte('}')
		}
		fmt.Fprintf(&b, " %g\n", f.Value)
	}
	return b.Bytes()
}
