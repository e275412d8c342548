//go:build !noscrub

package main

const unscrubbed = false
