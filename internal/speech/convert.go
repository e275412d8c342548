package speech

import (
	"context"
	"errors"
	"fmt"
	"os"

	"feierabend/internal/whisper/ct2"
)

// convert makes base's model file out of the two wheels.
func convert(ctx context.Context, wheels [2]string, out string, tell func(int64)) error {
	f, err := os.OpenFile(out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	err = ct2.ConvertFiles(wheels[0], wheels[1], &counter{w: f, tell: func(p Progress) { tell(p.Done) }, alive: func() {}})
	if err := errors.Join(err, f.Close(), ctx.Err()); err != nil {
		return fmt.Errorf("convert: %w", err)
	}
	return nil
}
