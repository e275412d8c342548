package seal

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Added gives the setting of the master keys with a fresh one, whose id is one above
// the highest. last is for the first roll-out: the new key opens only. first is for
// the second one: it wraps.
func Added(setting string) (id int16, last, first string, err error) {
	r, err := ParseKeys(setting)
	if err != nil {
		return 0, "", "", err
	}
	for n := range r.keys {
		id = max(id, n)
	}
	if id == math.MaxInt16 {
		return 0, "", "", fmt.Errorf("no id above %d", id)
	}
	id++
	old, fresh := pairs(setting), strconv.Itoa(int(id))+":"+RandomKey()
	return id, strings.Join(append(slices.Clone(old), fresh), ","), strings.Join(append([]string{fresh}, old...), ","), nil
}

// Dropped gives the setting without a master key; an error where it is the only one
// or not there.
func Dropped(setting string, id int16) (string, error) {
	r, err := ParseKeys(setting)
	if err != nil {
		return "", err
	}
	if !r.Has(id) || len(r.keys) == 1 {
		return "", fmt.Errorf("master key %d: not there, or the only one", id)
	}
	rest := slices.DeleteFunc(pairs(setting), func(p string) bool {
		n, _, _ := strings.Cut(p, ":")
		return n == strconv.Itoa(int(id))
	})
	return strings.Join(rest, ","), nil
}

// pairs splits a setting that ParseKeys has accepted, each "id:key" without spaces.
func pairs(setting string) (out []string) {
	for _, p := range strings.Split(strings.TrimSpace(setting), ",") {
		id, key, _ := strings.Cut(strings.TrimSpace(p), ":")
		n, _ := strconv.Atoi(id) // "01" and "+1" are 1 too
		out = append(out, strconv.Itoa(n)+":"+strings.TrimSpace(key))
	}
	return out
}
