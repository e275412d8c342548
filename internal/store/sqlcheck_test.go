package store_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The check of TEN-03 reads SQL as a tree of parentheses and clauses, so that a tenant
// named in a sub-select, behind an OR or for one of two joined tables is not taken for
// the tenant of the other rows.

// sqlNode is one word or sign of a statement, or what stands in parentheses.
type sqlNode struct {
	word  string // lower case; "" for a group
	group []sqlNode
}

var sqlWords = regexp.MustCompile(`'[^']*'|\$\d+|[A-Za-z_][A-Za-z_0-9]*|\d+|[^\s]`)

// sqlTree parses a text; a missing parenthesis ends at the end.
func sqlTree(text string) []sqlNode {
	words := sqlWords.FindAllString(text, -1)
	var read func() []sqlNode
	read = func() (out []sqlNode) {
		for len(words) > 0 {
			w := words[0]
			words = words[1:]
			switch w {
			case "(":
				out = append(out, sqlNode{group: read()})
			case ")":
				return out
			default:
				out = append(out, sqlNode{word: strings.ToLower(w)})
			}
		}
		return out
	}
	return read()
}

// sqlScope is one SELECT, INSERT, UPDATE or DELETE with its tables by alias.
type sqlScope struct {
	tenant map[string]bool   // tables whose rows belong to a firm
	tables map[string]string // alias → table
	bound  map[string]bool   // aliases whose tenant is a parameter, those around included
	same   [][2]string       // aliases with the same tenant
}

var sqlEnds = []string{"where", "group", "order", "limit", "returning", "having", "set", "values", "on", "join", "left", "inner", "cross", "using", "do", "select", "as"}

// unbound gives the tables of firms in the statement whose rows are not bound to a
// tenant given as a parameter.
func unbound(nodes []sqlNode, tenant, around map[string]bool) (out []string) {
	start := 0
	for i := 0; i <= len(nodes); i++ {
		if i == len(nodes) || slices.Contains([]string{"union", "intersect", "except"}, nodes[i].word) {
			out = append(out, unboundPart(nodes[start:i], tenant, around)...)
			start = i + 1
		}
	}
	return out
}

func unboundPart(nodes []sqlNode, tenant, around map[string]bool) (out []string) {
	s := &sqlScope{tenant: tenant, tables: map[string]string{}, bound: map[string]bool{}}
	for alias := range around {
		s.bound[alias] = true
	}
	s.readTables(nodes)
	s.readConditions(nodes)
	for range s.same { // as far as it leads
		for _, p := range s.same {
			if s.bound[p[0]] || s.bound[p[1]] {
				s.bound[p[0]], s.bound[p[1]] = true, true
			}
		}
	}
	for alias, table := range s.tables {
		if tenant[table] && !s.bound[alias] {
			out = append(out, table)
		}
	}
	return append(out, inner(nodes, tenant, s.bound)...)
}

// inner looks into parentheses.
func inner(nodes []sqlNode, tenant, bound map[string]bool) (out []string) {
	for _, n := range nodes {
		switch {
		case len(n.group) == 0:
		case n.group[0].word == "select":
			out = append(out, unbound(n.group, tenant, bound)...)
		default:
			out = append(out, inner(n.group, tenant, bound)...)
		}
	}
	return out
}

// readTables notes each table with its alias; one that is inserted into is bound by
// its list of columns.
func (s *sqlScope) readTables(nodes []sqlNode) {
	listing := false // inside of FROM a, b
	for i := 0; i < len(nodes); i++ {
		w := nodes[i].word
		switch {
		case w == "from" || w == "join" || w == "into" || w == "update" && i == 0:
			listing = true
		case w == "," && listing:
		case slices.Contains(sqlEnds, w):
			listing = false
			continue
		default:
			continue
		}
		if i+1 >= len(nodes) || nodes[i+1].word == "" {
			continue // a derived table is looked into as a group
		}
		i++
		table, alias := nodes[i].word, nodes[i].word
		if w == "into" {
			s.tables[alias] = table
			s.bound[alias] = i+1 < len(nodes) && slices.ContainsFunc(nodes[i+1].group, func(n sqlNode) bool { return n.word == "tenant_id" })
			continue
		}
		if i+1 < len(nodes) && nodes[i+1].word == "as" {
			i++
		}
		if i+1 < len(nodes) && regexp.MustCompile(`^[a-z_]+$`).MatchString(nodes[i+1].word) && !slices.Contains(sqlEnds, nodes[i+1].word) {
			i++
			alias = nodes[i].word
		}
		s.tables[alias] = table
		delete(s.bound, alias) // hides the one around
	}
}

// readConditions takes what WHERE and ON join by AND; with an OR beside nothing is sure.
func (s *sqlScope) readConditions(nodes []sqlNode) {
	for i := 0; i < len(nodes); i++ {
		if w := nodes[i].word; w != "where" && (w != "on" || i+1 < len(nodes) && nodes[i+1].word == "conflict") {
			continue
		}
		end := i + 1
		for end < len(nodes) && (nodes[end].word == "" || nodes[end].word == "as" || !slices.Contains(sqlEnds, nodes[end].word)) {
			end++
		}
		s.conjunction(nodes[i+1 : end])
		i = end - 1
	}
}

func (s *sqlScope) conjunction(nodes []sqlNode) {
	if slices.ContainsFunc(nodes, func(n sqlNode) bool { return n.word == "or" }) {
		return
	}
	var part []sqlNode
	for i := 0; i <= len(nodes); i++ {
		if i < len(nodes) && nodes[i].word != "and" {
			part = append(part, nodes[i])
			continue
		}
		s.condition(part)
		part = nil
	}
}

// condition knows tenant_id = $1, a.tenant_id = $1 and a.tenant_id = b.tenant_id.
func (s *sqlScope) condition(nodes []sqlNode) {
	if len(nodes) == 1 && len(nodes[0].group) > 0 && nodes[0].group[0].word != "select" {
		s.conjunction(nodes[0].group)
		return
	}
	var text strings.Builder
	for _, n := range nodes {
		if n.word == "" {
			return
		}
		text.WriteString(n.word)
	}
	m := regexp.MustCompile(`^(?:([a-z_]+)\.)?tenant_id=(?:\$\d+|(?:([a-z_]+)\.)?tenant_id)$`).FindStringSubmatch(text.String())
	switch {
	case m == nil:
		// content_key has no tenant: a key is found by the row of the case that it opens.
		if k := regexp.MustCompile(`^([a-z_]+)\.id=([a-z_]+)\.key_id$`).FindStringSubmatch(text.String()); k != nil && s.tables[k[1]] == "content_key" {
			s.same = append(s.same, [2]string{k[1], k[2]})
		}
	case strings.Contains(text.String(), "=$"):
		if m[1] != "" {
			s.bound[m[1]] = true
			return
		}
		for alias := range s.tables { // not ambiguous for the database: only one has the column
			if s.tenant[s.tables[alias]] {
				s.bound[alias] = true
			}
		}
	case m[1] != "" && m[2] != "":
		s.same = append(s.same, [2]string{m[1], m[2]})
	}
}

// touches says that a statement names one of the tables.
func touches(nodes []sqlNode, tables map[string]bool) bool {
	return slices.ContainsFunc(nodes, func(n sqlNode) bool { return tables[n.word] || touches(n.group, tables) })
}

// TestSQLCheckIsNotFooled: statements that name a tenant, but not that of all their rows.
func TestSQLCheckIsNotFooled(t *testing.T) {
	tenant := map[string]bool{"cases": true, "message": true, "draft": true, "content_key": true}
	for _, c := range []struct{ text, want string }{
		{`SELECT id FROM cases WHERE tenant_id = $1 AND id = $2`, ""},
		{`SELECT id FROM cases WHERE id = $1`, "cases"},
		{`SELECT id FROM cases WHERE id = $1 OR tenant_id = $2`, "cases"},
		{`SELECT id FROM cases WHERE tenant_id = $1 AND (id = $2 OR id = $3)`, ""},
		{`SELECT id FROM cases WHERE (tenant_id = $1 OR id = $2) AND state = $3`, "cases"},
		{`SELECT id FROM cases WHERE (tenant_id = $1 AND id = $2)`, ""},
		{`SELECT id FROM cases WHERE id IN (SELECT case_id FROM message WHERE tenant_id = $1)`, "cases"},
		{`SELECT id FROM cases WHERE tenant_id = $1 AND id IN (SELECT case_id FROM message WHERE id = $2)`, "message"},
		{`SELECT id FROM cases c WHERE c.tenant_id = $1 AND EXISTS(SELECT 1 FROM message m WHERE m.tenant_id = c.tenant_id AND m.case_id = c.id)`, ""},
		{`SELECT c.id FROM cases c JOIN message m ON m.case_id = c.id WHERE c.tenant_id = $1`, "message"},
		{`SELECT c.id FROM cases c JOIN message m ON m.tenant_id = c.tenant_id AND m.case_id = c.id WHERE c.tenant_id = $1`, ""},
		{`SELECT c.id FROM cases c, message m WHERE c.tenant_id = $1 AND m.case_id = c.id`, "message"},
		{`SELECT c.id FROM cases c LEFT JOIN draft d ON d.tenant_id = c.tenant_id JOIN message m ON m.tenant_id = d.tenant_id WHERE c.tenant_id = $1`, ""},
		{`SELECT c.id FROM cases c JOIN message m ON m.tenant_id = c.tenant_id`, "cases message"},
		{`SELECT k.wrapped FROM cases c JOIN content_key k ON k.id = c.key_id WHERE c.tenant_id = $1`, ""},
		{`SELECT k.wrapped FROM cases c JOIN content_key k ON k.id = c.version WHERE c.tenant_id = $1`, "content_key"},
		{`SELECT id FROM cases WHERE tenant_id <> $1`, "cases"},
		{`SELECT id FROM cases WHERE NOT tenant_id = $1`, "cases"},
		{`SELECT id FROM cases WHERE tenant_id = tenant_id`, "cases"},
		{`SELECT id FROM cases WHERE tenant_id = $1 UNION ALL SELECT id FROM message WHERE id = $2`, "message"},
		{`SELECT n FROM (SELECT count(*) AS n FROM cases) x WHERE n > $1`, "cases"},
		{`SELECT 'tenant_id = $1' FROM cases`, "cases"},
		{`UPDATE cases SET tenant_id = $1 WHERE id = $2`, "cases"},
		{`UPDATE cases SET state = $1 WHERE tenant_id = $2 AND id = $3 RETURNING id`, ""},
		{`DELETE FROM message WHERE case_id = $1`, "message"},
		{`INSERT INTO cases(tenant_id, id) VALUES($1, $2) ON CONFLICT DO NOTHING`, ""},
		{`INSERT INTO cases(id) VALUES($1)`, "cases"},
		{`INSERT INTO cases(tenant_id, id) SELECT tenant_id, id FROM message WHERE id = $1`, "message"},
	} {
		got := unbound(sqlTree(c.text), tenant, nil)
		slices.Sort(got)
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("%s\ngot %q, want %q", c.text, g, c.want)
		}
	}
}
