package main

import (
	"context"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// cmdConfig prints every setting with its value; secrets only as set or not.
func cmdConfig(_ context.Context, args []string, env environment, _ io.Reader, stdout, _ io.Writer) error {
	if len(args) == 1 && args[0] == "--markdown" {
		fmt.Fprint(stdout, configTable())
		return nil
	}
	if len(args) > 0 {
		return usage("feierabend config nimmt keine Angaben (außer --markdown).")
	}
	c, err := loadConfig(env)
	if err != nil {
		return err
	}
	v := reflect.ValueOf(c)
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Tag.Get("env") == "" {
			continue
		}
		value := fmt.Sprint(v.Field(i).Interface())
		if f.Tag.Get("secret") != "" {
			value = c.vault.how(f.Tag.Get("env"))
		}
		fmt.Fprintf(stdout, "%-36s %-28s %s\n", f.Tag.Get("env"), value, f.Tag.Get("doc"))
	}
	return nil
}

// configTable is the README's table.
func configTable() string {
	var b strings.Builder
	b.WriteString("| Einstellung | Vorgabe | Bedeutung |\n|---|---|---|\n")
	t := reflect.TypeFor[config]()
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Tag.Get("env") == "" {
			continue
		}
		doc := f.Tag.Get("doc")
		if f.Tag.Get("secret") != "" {
			doc += " (geheim; auch als Datei: `_FILE`)"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", f.Tag.Get("env"), code(f.Tag.Get("default")), doc)
	}
	return b.String()
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}
