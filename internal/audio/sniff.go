package audio

import "bytes"

// The MIME types that Sniff tells apart.
const (
	TypeOgg  = "audio/ogg"
	TypeWAV  = "audio/wav"
	TypeWebM = "audio/webm"
	TypeMP3  = "audio/mpeg"
	TypeMP4  = "audio/mp4"
	TypeAMR  = "audio/amr"
	TypeAAC  = "audio/aac"
	TypeFLAC = "audio/flac"
	TypeCAF  = "audio/x-caf"
)

// Sniff gives the MIME type by the first bytes, never by a name or by what a
// sender announced (FILE-01). Bytes that are no audio known here give "".
func Sniff(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte("OggS")):
		return TypeOgg
	case len(b) >= 12 && (bytes.HasPrefix(b, []byte("RIFF")) || bytes.HasPrefix(b, []byte("RF64"))) && string(b[8:12]) == "WAVE":
		return TypeWAV
	case bytes.HasPrefix(b, []byte("\x1aE\xdf\xa3")):
		return TypeWebM
	case len(b) >= 12 && string(b[4:8]) == "ftyp":
		return TypeMP4
	case bytes.HasPrefix(b, []byte("#!AMR")):
		return TypeAMR
	case bytes.HasPrefix(b, []byte("fLaC")):
		return TypeFLAC
	case bytes.HasPrefix(b, []byte("caff")):
		return TypeCAF
	case bytes.HasPrefix(b, []byte("ID3")):
		return TypeMP3
	case len(b) >= 4 && b[0] == 0xff && b[1]&0xf6 == 0xf0:
		return TypeAAC // ADTS: layer bits are 00
	case len(b) >= 4 && b[0] == 0xff && b[1]&0xe0 == 0xe0 && b[1]&0x06 != 0 && b[2]&0xf0 != 0xf0:
		return TypeMP3
	}
	// A half-uploaded or damaged note may begin with garbage: look a little further.
	if i := bytes.Index(b[:min(len(b), 64<<10)], []byte("OggS\x00")); i >= 0 && findPage(b[i:]) {
		return TypeOgg
	}
	return ""
}
