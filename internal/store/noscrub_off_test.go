//go:build noscrub

package store_test

const noScrub = true
