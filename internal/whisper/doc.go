// Package whisper turns 16 kHz mono samples into German text with times and
// probabilities. It is Whisper (OpenAI, MIT licence) in pure Go: no cgo, own
// code, model files in the ggml format (types f32, f16 and q8_0).
//
// What a reader wants first: Load reads a model file, Model.Transcribe turns
// samples into a Result. A Model is read-only after Load, so any number of
// goroutines may transcribe with it at the same time. A worker that hears one
// note after the other keeps a Session, which reuses its buffers.
//
// Decoding is always German, never translated, at temperature 0, without
// timestamps and without text carried from one window to the next: these cause
// loops, spread errors and drift to English. The package gives figures for
// guards (no-speech, compression, language, truncation), but drops nothing.
//
// Not done here: reading audio formats, guards, downloads, process limits. The
// package logs nothing, reads no environment and keeps no state of its own.
//
// Kernels: AVX-512 and AVX2 for amd64, chosen when a model is loaded; plain Go
// elsewhere (about ten times slower). Build tag "generic" leaves the assembler out.
package whisper
