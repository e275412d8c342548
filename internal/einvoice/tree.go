package einvoice

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"feierabend"
)

// Limits of Parse: a foreign file may not cost more than this.
const (
	maxXML      = 10 << 20 // bytes
	maxDepth    = 40
	maxElements = 200_000
	maxLines    = 20_000
)

// node is an element: local name, attributes, text, children. Namespaces are
// looked at in the root only; both syntaxes use each local name once per place.
type node struct {
	name  string
	attrs []xml.Attr
	text  []byte
	kids  []*node
}

// readTree reads a document without DTD, entities or processing instructions of
// its own; anything beyond the limits is an Invalid error.
func readTree(b []byte) (*node, string, error) {
	if len(b) > maxXML {
		return nil, "", invalidXML("xml_too_large", errors.New("more than 10 MB"))
	}
	dec := xml.NewDecoder(bytes.NewReader(b))
	dec.Strict = true
	dec.Entity = map[string]string{}
	root := &node{}
	stack := []*node{root}
	var space string
	for n := 0; ; {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, "", invalidXML("xml_broken", errors.New("not well-formed")) // the cause may quote content
		}
		top := stack[len(stack)-1]
		switch t := tok.(type) {
		case xml.StartElement:
			if n++; n > maxElements || len(stack) > maxDepth {
				return nil, "", invalidXML("xml_too_large", errors.New("too many or too deep elements"))
			}
			if len(stack) == 1 {
				space = t.Name.Space
			}
			k := &node{name: t.Name.Local, attrs: t.Attr}
			top.kids = append(top.kids, k)
			stack = append(stack, k)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if len(top.kids) == 0 {
				top.text = append(top.text, t...)
			}
		case xml.Directive:
			return nil, "", invalidXML("xml_dtd", errors.New("document type declaration"))
		}
	}
	if len(root.kids) != 1 {
		return nil, "", invalidXML("xml_broken", errors.New("no root element"))
	}
	return root.kids[0], space, nil
}

func invalidXML(code string, err error) error {
	return &feierabend.Error{
		Kind: feierabend.Invalid, Code: code, Err: err,
		Text: "Die Datei ist keine lesbare E-Rechnung. Es wurde nichts übernommen; bitte prüfen Sie, ob die Datei vollständig ist.",
	}
}

// at follows a path of local names, always to the first match; nil-safe.
func (n *node) at(path string) *node {
	for name := range strings.SplitSeq(path, "/") {
		if n == nil {
			return nil
		}
		var next *node
		for _, k := range n.kids {
			if k.name == name {
				next = k
				break
			}
		}
		n = next
	}
	return n
}

// all lists the children with a name.
func (n *node) all(name string) (out []*node) {
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		if k.name == name {
			out = append(out, k)
		}
	}
	return out
}

// str is the trimmed text at a path, "" where absent.
func (n *node) str(path string) string { return strings.TrimSpace(n.raw(path)) }

// raw is the untouched text at a path.
func (n *node) raw(path string) string {
	if k := n.at(path); k != nil {
		return string(k.text)
	}
	return ""
}

func (n *node) attr(name string) string {
	if n == nil {
		return ""
	}
	for _, a := range n.attrs {
		if a.Name.Local == name {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}
