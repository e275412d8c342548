package audio

// unlace cuts a Matroska block into its frames (RFC 9559 §10.3). flags is the
// block's flag byte. What does not fit is left out.
func unlace(flags byte, b []byte) [][]byte {
	kind := flags >> 1 & 3
	if kind == 0 {
		return [][]byte{b}
	}
	if len(b) == 0 {
		return nil
	}
	count := int(b[0]) + 1
	b = b[1:]
	var sizes []int
	switch kind {
	case 1:
		sizes, b = xiphSizes(count-1, b)
	case 2:
		for range count - 1 {
			sizes = append(sizes, len(b)/count)
		}
	case 3:
		sizes, b = ebmlSizes(count-1, b)
	}
	var list [][]byte
	for _, n := range sizes {
		if n < 0 || n > len(b) {
			return list
		}
		list, b = append(list, b[:n]), b[n:]
	}
	if len(sizes) < count-1 {
		return list
	}
	return append(list, b)
}

// xiphSizes reads sizes as runs of 255.
func xiphSizes(count int, b []byte) ([]int, []byte) {
	var sizes []int
	for range count {
		n := 0
		for {
			if len(b) == 0 {
				return sizes, nil
			}
			v := b[0]
			b = b[1:]
			n += int(v)
			if v < 255 {
				break
			}
		}
		sizes = append(sizes, n)
	}
	return sizes, b
}

// ebmlSizes reads a first size and signed differences.
func ebmlSizes(count int, b []byte) ([]int, []byte) {
	var sizes []int
	last := int64(0)
	for i := range count {
		v, n, _ := ebmlSize(b)
		if n == 0 || v > 1<<24 {
			return sizes, nil
		}
		b = b[n:]
		if i == 0 {
			last = int64(v)
		} else {
			last += int64(v) - (1<<(7*n-1) - 1)
		}
		sizes = append(sizes, int(last))
	}
	return sizes, b
}
