package ct2

import (
	"fmt"
	"strings"
)

// readVocabulary turns the lines of vocabulary.txt into the first n byte strings.
// Each rune there stands for one byte (GPT-2's table).
func readVocabulary(b []byte, n int) ([][]byte, error) {
	lines := strings.Split(strings.TrimRight(string(b), "\n"), "\n")
	if len(lines) < n {
		return nil, fmt.Errorf("vocabulary of %d lines, want %d", len(lines), n)
	}
	table := byteTable()
	out := make([][]byte, n)
	for i, line := range lines[:n] {
		for _, r := range line {
			out[i] = append(out[i], table[r])
		}
	}
	return out, nil
}

// byteTable is GPT-2's: printable bytes stand for themselves, the others for the
// runes from 256 on.
func byteTable() map[rune]byte {
	table := map[rune]byte{}
	next := rune(256)
	for b := range 256 {
		if b >= '!' && b <= '~' || b >= 0xa1 && b <= 0xac || b >= 0xae {
			table[rune(b)] = byte(b)
			continue
		}
		table[next] = byte(b)
		next++
	}
	return table
}
