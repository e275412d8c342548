// Package audio turns the bytes of a recording into 16 kHz mono samples: what a
// voice note is (Sniff), how long it is (Probe, without decoding), its samples
// (Decode), a short WAV of one passage (Clip) and a picture of its loudness
// (Waveform).
//
// It reads Ogg/Opus (the form of a WhatsApp voice note), WAV and WebM/Opus (what
// browsers record). Everything else gets a *feierabend.Error with a German
// sentence: empty, not_audio, unsupported_audio, damaged, too_long.
//
// The readers are made for hostile and half-uploaded files: the Ogg reader finds
// its way back after garbage, a lost packet becomes silence of the same length so
// that times stay right, and every buffer is bounded by the limit the caller
// gives. The package is pure: bytes in, values out, no files, no network. It
// does not judge what is heard; that is transcription's work.
package audio

// Rate is the sample rate of everything this package hands out, in Hz.
const Rate = 16000
