package whisper

import "context"

// decoder runs the text side: a step takes up to six rows, which are tokens of
// one text in order (prompt, forced pass) or the ends of several hypotheses.
type decoder struct {
	s *Session

	// Self-attention keys and values, per layer [slot][width]. A slot is one token
	// of one hypothesis; hypotheses share the slots of what they have in common.
	keys, values [][]float32
	slots        int // in use

	x, y, q, k, v, z, hidden, pack []float32 // six rows each
	score                          []float32 // six rows of text context
	logits                         []float32 // six rows of padded vocabulary
}

// row is one token to step over.
type row struct {
	token, pos int
	past       []int32 // slots of the tokens up to and with this one
}

func newDecoder(s *Session) decoder {
	h := s.m.shape
	six := func(n int) []float32 { return make([]float32, batchRows*n) }
	n := len(s.m.decoder)
	return decoder{
		s: s, keys: make([][]float32, n), values: make([][]float32, n),
		x: six(h.width), y: six(h.width), q: six(h.width), k: six(h.width), v: six(h.width), z: six(h.width),
		hidden: six(4 * h.width), pack: six(4 * h.width), score: six(h.textCtx),
	}
}

// reset forgets all slots.
func (d *decoder) reset() { d.slots = 0 }

// slot takes a new slot.
func (d *decoder) slot() int32 {
	width := d.s.m.shape.width
	if need := (d.slots + 1) * width; len(d.keys[0]) < need {
		size := max(2*len(d.keys[0]), 64*width)
		for i := range d.keys {
			d.keys[i] = append(make([]float32, 0, size), d.keys[i]...)[:size]
			d.values[i] = append(make([]float32, 0, size), d.values[i]...)[:size]
		}
	}
	d.slots++
	return int32(d.slots - 1)
}

// observer sees the cross attention of a row: one weight per audio position.
type observer func(layer, head, row int, weights []float32)

// step runs one to six rows through all layers; rows of one text must be in order.
func (d *decoder) step(ctx context.Context, rows []row, see observer) error {
	m, width, n := d.s.m, d.s.m.shape.width, len(rows)
	for r, t := range rows {
		x := d.x[r*width : (r+1)*width]
		m.embedding.w.row(x, t.token)
		add(x, m.textPos[t.pos*width:(t.pos+1)*width])
	}
	x := d.x[:n*width]
	for i := range m.decoder {
		if err := ctx.Err(); err != nil {
			return err
		}
		d.block(i, rows, x, see)
	}
	return nil
}

func (d *decoder) block(layer int, rows []row, x []float32, see observer) {
	c, b, width, n := d.s.c, &d.s.m.decoder[layer], d.s.m.shape.width, len(rows)
	y := d.y[:n*width]
	b.selfNorm.apply(y, x)
	b.self.query.vecs(c, d.q, d.y, d.pack, n)
	b.self.key.vecs(c, d.k, d.y, d.pack, n)
	b.self.value.vecs(c, d.v, d.y, d.pack, n)
	for r, t := range rows {
		at := int(t.past[len(t.past)-1]) * width
		copy(d.keys[layer][at:at+width], d.k[r*width:])
		copy(d.values[layer][at:at+width], d.v[r*width:])
	}
	c.each(n, func(_ *scratch, r int) { d.attendText(layer, r, rows[r].past) })
	b.self.out.vecs(c, d.y, d.z, d.pack, n)
	add(x, y)
	b.crossNorm.apply(y, x)
	b.cross.query.vecs(c, d.q, d.y, d.pack, n)
	c.each(d.s.m.shape.heads, func(w *scratch, head int) {
		d.s.cross.attend(c, w, layer, head, d.z, d.q, width, n, see)
	})
	b.cross.out.vecs(c, d.y, d.z, d.pack, n)
	add(x, y)
	b.mlpNorm.apply(y, x)
	b.mlpIn.vecs(c, d.hidden, d.y, d.pack, n)
	gelu(d.hidden[:n*4*width])
	b.mlpOut.vecs(c, d.y, d.hidden, d.pack, n)
	add(x, y)
}

// attendText is the self attention of row r over the slots of its past.
func (d *decoder) attendText(layer, r int, past []int32) {
	kern, width := d.s.c.kern, d.s.m.shape.width
	keys, values := d.keys[layer], d.values[layer]
	score := d.scores(r)[:len(past)]
	clear(d.z[r*width : (r+1)*width])
	for from := 0; from < width; from += headWidth {
		q, z := d.q[r*width+from:], d.z[r*width+from:]
		for i, slot := range past {
			score[i] = kern.dot(q, keys[int(slot)*width+from:]) * attentionScale
		}
		kern.softmax(score)
		for i, slot := range past {
			kern.axpy(score[i], values[int(slot)*width+from:], z)
		}
	}
}

func (d *decoder) scores(r int) []float32 {
	n := len(d.score) / batchRows
	return d.score[r*n : (r+1)*n]
}

// predict computes the logits of the n rows of the last step.
func (d *decoder) predict(n int) {
	m, width := d.s.m, d.s.m.shape.width
	m.decoderNorm.apply(d.y[:n*width], d.x[:n*width])
	if d.logits == nil {
		d.logits = make([]float32, batchRows*m.embedding.np)
	}
	m.embedding.vecs(d.s.c, d.logits, d.y, d.pack, n)
}

// logitsOf gives the logits of row r of the last prediction, valid until the next.
func (d *decoder) logitsOf(r int) []float32 {
	m := d.s.m
	return d.logits[r*m.embedding.np:][:m.shape.vocab]
}

// feed steps over tokens from position pos on, six at a time, and gives the past
// grown by their slots.
func (d *decoder) feed(ctx context.Context, tokens []int, past []int32, see func(from int) observer) ([]int32, error) {
	pos := len(past)
	for from := 0; from < len(tokens); from += batchRows {
		group := tokens[from:min(from+batchRows, len(tokens))]
		rows := make([]row, len(group))
		for i, t := range group {
			past = append(past, d.slot())
			rows[i] = row{token: t, pos: pos + from + i, past: past}
		}
		var o observer
		if see != nil {
			o = see(from)
		}
		if err := d.step(ctx, rows, o); err != nil {
			return nil, err
		}
	}
	return past, nil
}
