// Package pdf is a fixture.
package pdf
