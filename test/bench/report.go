package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
)

// row is one figure. Name to Ratio are the contract of design §5; the rest says
// under which conditions the figure was got and what it is to be.
type row struct {
	Name     string  `json:"name"`
	Value    float64 `json:"value"`
	Unit     string  `json:"unit"`
	Baseline string  `json:"baseline"` // what the ratio is against, with its own value
	Ratio    float64 `json:"ratio"`    // value against the baseline, 0 = none

	Runs []float64 `json:"runs,omitempty"` // of which Value is the median
	Disk []float64 `json:"disk,omitempty"` // writes of 4 KiB with fdatasync per second, before and after each run
	Goal string    `json:"goal,omitempty"`
	Met  *bool     `json:"met,omitempty"`
	Note string    `json:"note,omitempty"`

	hard bool // holds on a busy machine too: fails the run even without -strict
}

// least and most set the goal of a value and say whether it is met.
func (r row) least(goal float64) row { return r.judge(r.Value >= goal, "≥ %s", goal) }
func (r row) most(goal float64) row  { return r.judge(r.Value <= goal, "≤ %s", goal) }

// leastRatio and mostRatio are the same for the ratio.
func (r row) leastRatio(goal float64) row { return r.judge(r.Ratio >= goal, "ratio ≥ %s", goal) }
func (r row) mostRatio(goal float64) row  { return r.judge(r.Ratio <= goal, "ratio ≤ %s", goal) }

func (r row) judge(met bool, form string, goal float64) row {
	if r.Met != nil {
		met = met && *r.Met
		r.Goal += ", "
	}
	r.Met = &met
	r.Goal += fmt.Sprintf(form, short(goal))
	return r
}

// always makes the goal one that fails the run on any machine.
func (r row) always() row {
	r.hard = true
	return r
}

// against sets the baseline.
func (r row) against(name string, value float64) row {
	r.Baseline = fmt.Sprintf("%s: %s", name, short(value))
	if value != 0 {
		r.Ratio = r.Value / value
	}
	return r
}

// figure is the median of some runs.
func figure(name, unit string, runs []float64, disk []float64) row {
	return row{Name: name, Value: median(runs), Unit: unit, Runs: runs, Disk: disk}
}

func median(runs []float64) float64 {
	if len(runs) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(runs))
	if len(s)%2 == 1 {
		return s[len(s)/2]
	}
	return (s[len(s)/2-1] + s[len(s)/2]) / 2
}

// percentile gives the value that p of the sorted values do not exceed.
func percentile(sorted []float64, p float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(float64(len(sorted))*p))]
}

// report prints rows as they come and keeps them as JSON lines.
type report struct {
	file *os.File
	rows []row
}

func newReport(path string) (*report, error) {
	if path == "" {
		return &report{}, nil
	}
	f, err := os.Create(path)
	return &report{file: f}, err
}

func (p *report) add(r row) error {
	for i := range r.Runs {
		r.Runs[i] = rounded(r.Runs[i])
	}
	for i := range r.Disk {
		r.Disk[i] = float64(int(r.Disk[i]))
	}
	r.Value, r.Ratio = rounded(r.Value), rounded(r.Ratio)
	p.rows = append(p.rows, r)
	fmt.Println(r.line())
	if p.file == nil {
		return nil
	}
	return json.NewEncoder(p.file).Encode(r)
}

func (p *report) close() {
	if p.file != nil {
		p.file.Close()
	}
}

func (r row) line() string {
	var s strings.Builder
	fmt.Fprintf(&s, "%-58s %10s %-9s", r.Name, short(r.Value), r.Unit)
	if len(r.Runs) > 1 {
		fmt.Fprintf(&s, " [%s–%s]", short(slices.Min(r.Runs)), short(slices.Max(r.Runs)))
	}
	if r.Met != nil {
		fmt.Fprintf(&s, " goal %s: %s", r.Goal, map[bool]string{true: "met", false: "NOT MET"}[*r.Met])
	}
	if r.Ratio != 0 {
		fmt.Fprintf(&s, " · %s × (%s)", short(r.Ratio), r.Baseline)
	}
	if len(r.Disk) > 0 {
		fmt.Fprintf(&s, " · disk %s–%s fdatasync/s", short(slices.Min(r.Disk)), short(slices.Max(r.Disk)))
	}
	if r.Note != "" {
		fmt.Fprintf(&s, " · %s", r.Note)
	}
	return s.String()
}

// verdict fails on hard goals always, on the others only where it is strict.
func (p *report) verdict(strict bool) error {
	var met, missed int
	var bad []string
	for _, r := range p.rows {
		switch {
		case r.Met == nil:
		case *r.Met:
			met++
		default:
			missed++
			if strict || r.hard {
				bad = append(bad, r.Name)
			}
		}
	}
	fmt.Printf("goals: %d met, %d not met\n", met, missed)
	if len(bad) > 0 {
		return fmt.Errorf("not met: %s", strings.Join(bad, "; "))
	}
	if met == 0 {
		return fmt.Errorf("nothing was measured")
	}
	return nil
}

func rounded(v float64) float64 {
	switch {
	case v >= 1000 || v <= -1000:
		return float64(int(v))
	case v >= 10 || v <= -10:
		return float64(int(v*10)) / 10
	}
	return float64(int(v*1000)) / 1000
}

func short(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.3f", v), "0"), ".")
}

// machine says what the figures were got on.
func machine() string {
	name := "unknown processor"
	if b, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for _, l := range strings.Split(string(b), "\n") {
			if k, v, ok := strings.Cut(l, ":"); ok && strings.TrimSpace(k) == "model name" {
				name = strings.TrimSpace(v)
				break
			}
		}
	}
	load, _ := os.ReadFile("/proc/loadavg")
	return fmt.Sprintf("machine: %d × %s, %s/%s, %s, load before %.14s", runtime.NumCPU(), name, runtime.GOOS, runtime.GOARCH, runtime.Version(), load)
}
