package main

import (
	"net/http"
	"time"
)

// bounded is the server of every listener: nobody holds a connection by reading,
// writing or waiting without end, and headers are small (WEB-06).
func bounded(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, MaxHeaderBytes: 64 << 10,
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute,
	}
}
