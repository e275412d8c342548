package main

import (
	"os"
	"path/filepath"
	"time"
)

// disk gives the writes of 4 KiB with fdatasync per second, one after the other, into
// a file that has its size: what the disk of the databases can do at this moment.
func (b *bench) disk() (float64, error) {
	const size, span = 1 << 20, 250 * time.Millisecond
	f, err := os.Create(filepath.Join(b.dir, "probe"))
	if err != nil {
		return 0, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if _, err := f.Write(make([]byte, size)); err != nil {
		return 0, err
	}
	if err := f.Sync(); err != nil {
		return 0, err
	}
	page := make([]byte, 4096)
	n, began := 0, time.Now()
	for time.Since(began) < span {
		if _, err := f.WriteAt(page, int64(n*len(page)%size)); err != nil {
			return 0, err
		}
		if err := fdatasync(f); err != nil {
			return 0, err
		}
		n++
	}
	return float64(n) / time.Since(began).Seconds(), nil
}

// times runs f so often with the disk probed before the first and after each run.
func (b *bench) times(n int, f func(round int) error) (disk []float64, err error) {
	d, err := b.disk()
	disk = append(disk, d)
	for i := 0; i < n && err == nil; i++ {
		if err = f(i); err != nil {
			break
		}
		d, err = b.disk()
		disk = append(disk, d)
	}
	return disk, err
}
