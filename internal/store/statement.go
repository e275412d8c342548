package store

import (
	"container/list"
	"context"
	"database/sql"
	"database/sql/driver"
	"strconv"
	"strings"

	modernc "modernc.org/sqlite"
)

// Bounds of the statement cache of one connection.
const (
	maxStatements = 256
	maxText       = 4096 // longer texts are rare
)

// openPool opens a pool of SQLite connections that keep their prepared statements:
// parsing costs more than running for most of ours and for all of River's. pgx does
// the same by itself. layer is the file layer that the name asks for, if any.
func openPool(dsn string, layer *joiner) (*sql.DB, error) {
	c, err := modernc.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector{c, layer}), nil
}

type connector struct {
	driver.Connector
	layer *joiner // SQLite calls it: it lives as long as its connections
}

func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	under, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &connection{Conn: under, layer: c.layer, at: map[string]*list.Element{}}, nil
}

// connection is a connection with its prepared statements, the last used first.
// database/sql lets one goroutine at a time use it.
type connection struct {
	driver.Conn
	layer *joiner
	at    map[string]*list.Element
	used  list.List // of *prepared
}

// prepared is a statement that is kept. One that still gives rows is busy: the same
// text is then run unprepared.
type prepared struct {
	driver.Stmt
	text string
	busy bool
}

// prepare gives the kept statement of a text, or nil where it must be run as it is.
func (c *connection) prepare(ctx context.Context, text string) (*prepared, error) {
	if e := c.at[text]; e != nil {
		p := e.Value.(*prepared)
		if p.busy {
			return nil, nil
		}
		c.used.MoveToFront(e)
		return p, nil
	}
	if len(text) > maxText || !keepable(text) {
		return nil, nil
	}
	st, err := c.Conn.(driver.ConnPrepareContext).PrepareContext(ctx, unnumbered(text))
	if err != nil {
		return nil, err
	}
	p := &prepared{Stmt: st, text: text}
	c.at[text] = c.used.PushFront(p)
	for e := c.used.Back(); c.used.Len() > maxStatements && e != nil; {
		last := e
		e = e.Prev()
		if old := last.Value.(*prepared); !old.busy {
			c.drop(last, old)
		}
	}
	return p, nil
}

func (c *connection) drop(e *list.Element, p *prepared) {
	c.used.Remove(e)
	delete(c.at, p.text)
	p.Close()
}

// ExecContext runs a statement without rows.
func (c *connection) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	p, err := c.prepare(ctx, text)
	if err != nil {
		return nil, err
	}
	if p == nil {
		return c.Conn.(driver.ExecerContext).ExecContext(ctx, text, args)
	}
	return p.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
}

// QueryContext runs a statement with rows.
func (c *connection) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	p, err := c.prepare(ctx, text)
	if err != nil {
		return nil, err
	}
	if p == nil {
		return c.Conn.(driver.QueryerContext).QueryContext(ctx, text, args)
	}
	rs, err := p.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	p.busy = true
	return keptRows{rs, p}, nil
}

// keptRows frees its statement for the next use.
type keptRows struct {
	driver.Rows
	of *prepared
}

func (r keptRows) Close() error {
	r.of.busy = false
	return r.Rows.Close()
}

// PrepareContext prepares a statement for a caller that keeps it himself.
func (c *connection) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	return c.Conn.(driver.ConnPrepareContext).PrepareContext(ctx, text)
}

// BeginTx opens a transaction.
func (c *connection) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	return c.Conn.(driver.ConnBeginTx).BeginTx(ctx, o)
}

// Ping asks whether the database is there.
func (c *connection) Ping(ctx context.Context) error { return c.Conn.(driver.Pinger).Ping(ctx) }

// ResetSession says whether the connection can be used again.
func (c *connection) ResetSession(ctx context.Context) error {
	return c.Conn.(driver.SessionResetter).ResetSession(ctx)
}

// IsValid says whether the connection may go back into the pool.
func (c *connection) IsValid() bool { return c.Conn.(driver.Validator).IsValid() }

// Close closes the statements, then the connection.
func (c *connection) Close() error {
	for e := c.used.Front(); e != nil; e = e.Next() {
		e.Value.(*prepared).Close()
	}
	c.used.Init()
	clear(c.at)
	return c.Conn.Close()
}

// keepable says that a text is of a kind that comes again and again. SQLite prepares
// a pragma anew each time, and what changes the schema runs once.
func keepable(text string) bool {
	for {
		text = strings.TrimLeft(text, " \t\n")
		comment, rest, _ := strings.Cut(text, "\n")
		if !strings.HasPrefix(comment, "--") {
			break
		}
		text = rest
	}
	verb, _, _ := strings.Cut(text, " ")
	switch strings.ToUpper(verb) {
	case "SELECT", "INSERT", "UPDATE", "DELETE", "WITH":
		return true
	}
	return false
}

// unnumbered writes "?" for "$1", "$2", … where they come in this order, each once:
// the driver asks SQLite for the name of each parameter, and SQLite goes through the
// list of names for each. Other texts stay as they are.
func unnumbered(text string) string {
	if strings.Contains(text, "?") {
		return text
	}
	parts := strings.Split(text, "$")
	quotes := 0
	for i, part := range parts[1:] {
		quotes += strings.Count(parts[i], "'")
		n := strconv.Itoa(i + 1)
		if quotes%2 == 1 || !strings.HasPrefix(part, n) || len(part) > len(n) && part[len(n)] >= '0' && part[len(n)] <= '9' {
			return text
		}
		parts[i+1] = part[len(n):]
	}
	return strings.Join(parts, "?")
}
