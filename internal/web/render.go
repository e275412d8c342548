package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
)

//go:embed views
var viewFiles embed.FS

// page is what the frame around every page needs; body is the page's own struct.
type page struct {
	View    string // file views/<View>.html
	Title   string
	Nonce   string // "" = page without script
	Firm    string
	Nav     string // "start", "quittungen", "einstellungen", of operators "betrieb", "geraete", or "" = no menu: signed out, error
	Detail  bool   // case pages: back link instead of the menu on the phone
	Live    *live
	Scripts []string // beside app.js
	Demo    *demoLinks
	Content any
	Body    template.HTML // Content through its template
	Symbols template.HTML // the icons that Body and frame use
}

// live makes a page look for news: Stand is what it shows, URL tells the stand of
// now. Without JavaScript the page comes again after Refresh seconds (0 = never).
type live struct {
	URL     string
	Stand   string
	Seconds int
	Refresh int
}

type demoLinks struct{ Phone, Mail string }

// BodyClass is "app", "app detail" or "plain".
func (p page) BodyClass() string {
	switch {
	case p.Nav == "":
		return "plain"
	case p.Detail:
		return "app detail"
	}
	return "app"
}

// views are the parsed templates, all in one set: a set for each page, with its own copy
// of frame and parts, was most of what the idle service held in memory.
type views struct {
	set     *template.Template
	pages   []string          // names of the pages that exist, sorted
	symbols map[string]string // by id, from views/icons.svg
}

var symbolPattern = regexp.MustCompile(`<symbol id="([a-z]+)".*?</symbol>`)

// loadViews parses every page with the frame and the parts, and fails on any
// undeclared name (UI-03).
func loadViews(a assets, zone *time.Location) (views, error) {
	v := views{symbols: map[string]string{}}
	icons, err := fs.ReadFile(viewFiles, "views/icons.svg")
	if err != nil {
		return v, fmt.Errorf("read icons: %w", err)
	}
	for _, m := range symbolPattern.FindAllSubmatch(icons, -1) {
		v.symbols[string(m[1])] = string(m[0])
	}
	if v.set, err = template.New("frame").Option("missingkey=error").Funcs(v.funcs(a, zone)).ParseFS(viewFiles, "views/*.html"); err != nil {
		return v, fmt.Errorf("parse views: %w", err)
	}
	names, err := fs.Glob(viewFiles, "views/*.html")
	if err != nil {
		return v, fmt.Errorf("list views: %w", err)
	}
	for _, n := range names {
		if name := strings.TrimSuffix(path.Base(n), ".html"); name != "frame" && !strings.HasPrefix(name, "part_") {
			v.pages = append(v.pages, name)
		}
	}
	return v, nil
}

func (v views) funcs(a assets, zone *time.Location) template.FuncMap {
	f := format{zone: zone}
	return template.FuncMap{
		"asset": a.path,
		"icon": func(name string) (template.HTML, error) {
			if v.symbols[name] == "" {
				return "", fmt.Errorf("no icon %q", name)
			}
			return template.HTML(`<svg class="icon" aria-hidden="true"><use href="#` + name + `"/></svg>`), nil
		},
		"euro":  f.euro,
		"date":  f.date,
		"clock": f.clock,
		"stamp": f.stamp,
		"add":   func(a, b int) int { return a + b },
	}
}

var usePattern = regexp.MustCompile(`<use href="#([a-z]+)"`)

// render makes the whole page. The body comes first, so that the frame knows
// which icons it must define.
func (v views) render(p page) ([]byte, error) {
	if !slices.Contains(v.pages, p.View) {
		return nil, fmt.Errorf("no view %q", p.View)
	}
	var body, out bytes.Buffer
	if err := v.set.ExecuteTemplate(&body, p.View+".html", p.Content); err != nil {
		return nil, fmt.Errorf("render view %s: %w", p.View, err)
	}
	p.Body = template.HTML(body.String())
	used := map[string]bool{"sun": true}
	if p.Nav != "" {
		for _, n := range []string{"start", "check", "more", "out"} {
			used[n] = true
		}
	}
	if p.Nav == "betrieb" || p.Nav == "geraete" {
		used["phone"] = true
	}
	for _, m := range usePattern.FindAllSubmatch(body.Bytes(), -1) {
		used[string(m[1])] = true
	}
	names := make([]string, 0, len(used))
	for n := range used {
		names = append(names, n)
	}
	sort.Strings(names)
	var symbols strings.Builder
	for _, n := range names {
		symbols.WriteString(v.symbols[n])
	}
	p.Symbols = template.HTML(symbols.String())
	if err := v.set.ExecuteTemplate(&out, "frame.html", p); err != nil {
		return nil, fmt.Errorf("render frame of %s: %w", p.View, err)
	}
	return out.Bytes(), nil
}

// show sends a page with the frame's values of the visit.
func (s *server) show(w http.ResponseWriter, v *visit, status int, p page) error {
	p.Nonce = v.nonce
	p.Firm = v.tenant.Name
	if s.Mode == ModeDemo && (s.PhoneURL != "" || s.MailURL != "") {
		p.Demo = &demoLinks{Phone: s.PhoneURL, Mail: s.MailURL}
	}
	return s.send(w, status, p)
}

func (s *server) send(w http.ResponseWriter, status int, p page) error {
	out, err := s.views.render(p)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(out)))
	w.WriteHeader(status)
	w.Write(out)
	return nil
}
