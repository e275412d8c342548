// Package helper is a fixture: a folder without a row.
package helper
