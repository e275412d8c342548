package dictation

// leftovers lists the figures, roles and list items that no field of the draft has taken.
func (e *engine) leftovers() []entity {
	var out []entity
	for _, x := range e.entities() {
		switch x.k {
		case eQty, ePrice, eRole, eHit, eTravel, eTimes, ePercent:
		case eCount:
			if x.s == "art" {
				continue
			}
		default:
			continue
		}
		if !e.covered(x.i, x.j) {
			out = append(out, x)
		}
	}
	return out
}

// covered says whether a field of the draft has its value from within tokens [i,j).
func (e *engine) covered(i, j int) bool {
	from, to := e.span(i, j)
	for _, ev := range e.d.Evidence {
		if ev.From < to && ev.To > from {
			return true
		}
	}
	return false
}
