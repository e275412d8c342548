package store

import "iter"

// maxRows is the largest number of rows of one inserting statement.
const maxRows = 16

// portions cuts n rows into portions of maxRows, then of the halves of it, down to
// one: batches of any size are made of few texts, which both databases keep prepared.
func portions(n int) iter.Seq2[int, int] {
	return func(yield func(from, to int) bool) {
		from := 0
		for size := maxRows; size > 0; size /= 2 {
			for ; n-from >= size; from += size {
				if !yield(from, from+size) {
					return
				}
			}
		}
	}
}

// inserting gives the steps that insert rows of so many columns: head, the rows, tail.
func inserting(tenant, head, tail string, columns int, args []any, scan func(row) error) (out []step) {
	for from, to := range portions(len(args) / columns) {
		out = append(out, step{tenant: tenant, text: head + values(to-from, columns, 1) + tail, args: args[from*columns : to*columns], scan: scan})
	}
	return out
}

// padded repeats the last of some values until their number is a power of two, for
// the same reason: a list after IN is no longer by that.
func padded(args []any) []any {
	for n := len(args); n > 0 && n&(n-1) != 0; n++ {
		args = append(args, args[len(args)-1])
	}
	return args
}
