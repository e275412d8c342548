package whisper

import "context"

// encode runs the encoder over pcm followed by silence and leaves the cross
// attention's keys and values of each decoder layer in the session. frames must
// be even and at most twice the audio context; a position is two frames, 20 ms.
func (s *Session) encode(ctx context.Context, pcm []float32, frames int) error {
	m, n, d := s.m, frames/2, s.m.shape.width
	mel := grow(&s.mel, frames*m.shape.mels)
	m.front.spectrogram(s.c, mel, pcm, frames)
	x := s.convolve(mel, frames)
	y := grow(&s.y, padRows(n)*d)
	for i := range m.encoder {
		if err := ctx.Err(); err != nil {
			return err
		}
		s.encodeBlock(&m.encoder[i], x, y, n)
	}
	m.encoderNorm.apply(y[:n*d], x[:n*d])
	s.cross.positions = n
	k, v := grow(&s.k, padRows(n)*d), grow(&s.v, padRows(n)*d)
	for i := range m.decoder {
		if err := ctx.Err(); err != nil {
			return err
		}
		m.decoder[i].cross.key.mul(s.c, k, y, d, n)
		m.decoder[i].cross.value.mul(s.c, v, y, d, n)
		s.cross.keep(s.c, i, k, v, d)
	}
	return nil
}

// convolve runs the two convolutions as products over unrolled taps and adds the positions.
func (s *Session) convolve(mel []float32, frames int) []float32 {
	m, n, d, bands := s.m, frames/2, s.m.shape.width, s.m.shape.mels
	taps := grow(&s.wide, padRows(frames)*bands*3)
	unroll(s.c, taps, mel, bands, frames, frames, 1)
	h := grow(&s.y, padRows(frames)*d)
	m.conv1.mul(s.c, h, taps, bands*3, frames)
	gelu(h[:frames*d])
	taps = grow(&s.wide, padRows(n)*d*3)
	unroll(s.c, taps, h, d, frames, n, 2)
	x := grow(&s.x, padRows(n)*d)
	m.conv2.mul(s.c, x, taps, d*3, n)
	gelu(x[:n*d])
	add(x[:n*d], m.audioPos[:n*d])
	return x
}

// unroll lays the three taps around each of the out positions beside each other:
// taps[t][channel][3], input row stride*t-1+tap, zero outside.
func unroll(c *compute, taps, in []float32, channels, rows, out, stride int) {
	c.each((out+blockRows-1)/blockRows, func(_ *scratch, block int) {
		for t := block * blockRows; t < min(out, (block+1)*blockRows); t++ {
			row := taps[t*channels*3 : (t+1)*channels*3]
			for tap := range 3 {
				from := stride*t - 1 + tap
				if from < 0 || from >= rows {
					for i := tap; i < len(row); i += 3 {
						row[i] = 0
					}
					continue
				}
				i := tap
				for _, v := range in[from*channels : (from+1)*channels] {
					row[i] = v
					i += 3
				}
			}
		}
	})
}

// encodeBlock runs one layer over n positions of x, with y as scratch.
func (s *Session) encodeBlock(b *block, x, y []float32, n int) {
	d := s.m.shape.width
	size := padRows(n) * d
	q, k, v, o := grow(&s.q, size), grow(&s.k, size), grow(&s.v, size), grow(&s.o, size)
	b.selfNorm.apply(y[:n*d], x[:n*d])
	b.self.query.mul(s.c, q, y, d, n)
	b.self.key.mul(s.c, k, y, d, n)
	b.self.value.mul(s.c, v, y, d, n)
	s.c.kern.scale(q[:n*d], attentionScale)
	s.c.each(s.m.shape.heads, func(w *scratch, head int) {
		s.c.attendHead(w, o, q, k, v, d, head*headWidth, n)
	})
	b.self.out.mul(s.c, y, o, d, n)
	add(x[:n*d], y[:n*d])
	b.mlpNorm.apply(y[:n*d], x[:n*d])
	hidden := grow(&s.wide, padRows(n)*4*d)
	b.mlpIn.mul(s.c, hidden, y, d, n)
	gelu(hidden[:n*4*d])
	b.mlpOut.mul(s.c, y, hidden, 4*d, n)
	add(x[:n*d], y[:n*d])
}

// attendHead is the self attention of one head, whose columns start at from, of
// scaled queries over n rows, in blocks of rows so that the scores stay in the cache.
func (c *compute) attendHead(s *scratch, out, q, k, v []float32, d, from, n int) {
	np := padCols(n)
	keys, values := grow(&s.keys, np*headWidth), grow(&s.values, n*headWidth)
	packKeys(keys, k, d, from, n)
	packValues(values, v, d, from, n, n)
	score := grow(&s.score, blockRows*np)
	sum := grow(&s.out, blockRows*headWidth)
	for r0 := 0; r0 < n; r0 += blockRows {
		rows := min(blockRows, n-r0)
		clear(score)
		c.product(s, score, np, q[r0*d+from:], d, rows, np, headWidth, keys)
		for r := range rows {
			c.kern.softmax(score[r*np : r*np+n])
		}
		clear(sum)
		c.product(s, sum, headWidth, score, np, rows, headWidth, n, values)
		for r := range rows {
			copy(out[(r0+r)*d+from:(r0+r)*d+from+headWidth], sum[r*headWidth:])
		}
	}
}

// attentionScale is 1/√64.
const attentionScale = 0.125

// packKeys transposes one head's keys into panels [positions/16][64][16].
func packKeys(dst, k []float32, d, from, n int) {
	for p := 0; p < n; p += panel {
		o := dst[p*headWidth : (p+panel)*headWidth]
		for j := range panel {
			if p+j >= n {
				for i := j; i < len(o); i += panel {
					o[i] = 0
				}
				continue
			}
			i := j
			for _, v := range k[(p+j)*d+from : (p+j)*d+from+headWidth] {
				o[i] = v
				i += panel
			}
		}
	}
}

// packValues lays one head's n values out in panels [4][depth][16]; the rest is zero.
func packValues(dst, v []float32, d, from, n, depth int) {
	for p := range headWidth / panel {
		o := dst[p*depth*panel : (p+1)*depth*panel]
		for t := range n {
			copy(o[t*panel:(t+1)*panel], v[t*d+from+p*panel:])
		}
		clear(o[n*panel:])
	}
}
