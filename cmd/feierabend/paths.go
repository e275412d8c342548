package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
)

// defaultDemoData is the only folder that a start ever empties.
const (
	defaultData     = "data"
	defaultDemoData = "data/demo"
)

func (c config) demo() bool { return c.Mode == "demo" }

// dataPath is the folder of the database.
func (c config) dataPath() string {
	switch {
	case c.Data != "":
		return c.Data
	case c.demo():
		return filepath.FromSlash(defaultDemoData)
	}
	return defaultData
}

// dsn is the store's data source name.
func (c config) dsn() string {
	if !c.DatabaseURL.Empty() {
		return c.DatabaseURL.Reveal()
	}
	return "sqlite:" + filepath.Join(c.dataPath(), "feierabend.db")
}

// modelsPath is where speech models lie: outside the data folder, since their
// vocabulary holds everyday words that a canary search would find.
func (c config) modelsPath() string {
	if c.Models != "" {
		return c.Models
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	return filepath.Join(cache, "feierabend", "models")
}

// publicURL is where people open the pages.
func (c config) publicURL(ln net.Addr) string {
	if c.PublicURL != "" {
		return strings.TrimSuffix(c.PublicURL, "/")
	}
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil || host == "" || host == "127.0.0.1" {
		host = "localhost"
	}
	_, port, err := net.SplitHostPort(ln.String())
	if err != nil {
		return "http://" + host
	}
	return "http://" + net.JoinHostPort(host, port)
}
