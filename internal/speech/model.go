package speech

// Model is a model file that is known by its sum (speech.md §9.4).
type Model struct {
	Name   string // "base"
	File   string // "ggml-base-q8_0.bin"
	Bytes  int64
	SHA256 string
	Pip    bool  // can be made from the two Python packages
	Memory int64 // bytes that must be free to run it (speech.md §6.10)
}

// DefaultModel runs anywhere; small is better and slower.
const DefaultModel = "base"

// Known lists the models that are offered. All are OpenAI's Whisper weights under
// the MIT licence.
func Known() []Model {
	return []Model{
		{"base", "ggml-base-q8_0.bin", 81768585, "c577b9a86e7e048a0b7eada054f4dd79a56bbfa911fbdacf900ac5b567cbb7d9", true, 500 << 20},
		{"small", "ggml-small-q8_0.bin", 264464607, "49c8fb02b65e6049d5fa6c04f81f53b867b5ec9540406812c643f177317f779f", false, 1200 << 20},
		{"base-f16", "ggml-base.bin", 147951465, "60ed5bc3dd14eea856493d334349b405782ddcaf0028d4b5df4088345fba2efe", false, 500 << 20},
		{"small-f16", "ggml-small.bin", 487601967, "1be3a9b2063867b937e64e2ec7483364a79917e157fa98c5d94b5c1fffea987b", false, 1200 << 20},
	}
}

// License is the licence of the weights; it is written beside each file.
const License = `MIT License

Copyright (c) 2022 OpenAI

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
`
