package main

import (
	"context"
	"io"

	"feierabend/internal/speech"
)

// cmdSpeechWorker is the hidden subcommand that the speech engine starts: bytes of
// recordings in on stdin, JSON lines out on stdout. It is not for people.
func cmdSpeechWorker(ctx context.Context, args []string, _ func(string) string, stdin io.Reader, stdout, _ io.Writer) error {
	if len(args) > 0 {
		return usage("speech-worker nimmt keine Angaben: Feierabend startet es selbst.")
	}
	return speech.Worker(ctx, stdin, stdout, speech.WorkerOptions{})
}

// cmdAudioClip is the hidden subcommand that measures a recording or cuts a clip
// out of it, once.
func cmdAudioClip(_ context.Context, args []string, _ func(string) string, stdin io.Reader, stdout, _ io.Writer) error {
	if len(args) > 0 {
		return usage("audio-clip nimmt keine Angaben: Feierabend startet es selbst.")
	}
	return speech.ClipWorker(stdin, stdout)
}
