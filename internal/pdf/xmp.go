package pdf

import (
	"fmt"
	"strings"
)

const (
	creator  = "Feierabend"
	producer = "Feierabend"
)

const xmpHead = "<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" + `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><pdfaid:part>3</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance></rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:format>application/pdf</dc:format><dc:title><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:title><dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator><dc:description><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:description></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><pdf:Producer>%s</pdf:Producer></rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"><xmp:CreatorTool>%s</xmp:CreatorTool><xmp:CreateDate>%[6]s</xmp:CreateDate><xmp:ModifyDate>%[6]s</xmp:ModifyDate></rdf:Description>`

// xmpSchema declares the Factur-X properties, as PDF/A wants of every schema that it does not know.
const xmpSchema = `
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema><pdfaSchema:namespaceURI>urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>` +
	xmpProperty + `DocumentFileName</pdfaProperty:name>` + xmpText + `name of the embedded XML invoice file</pdfaProperty:description></rdf:li>` +
	xmpProperty + `DocumentType</pdfaProperty:name>` + xmpText + `INVOICE</pdfaProperty:description></rdf:li>` +
	xmpProperty + `Version</pdfaProperty:name>` + xmpText + `version of the XML schema</pdfaProperty:description></rdf:li>` +
	xmpProperty + `ConformanceLevel</pdfaProperty:name>` + xmpText + `conformance level of the XML data</pdfaProperty:description></rdf:li>` +
	`</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
<rdf:Description rdf:about="" xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"><fx:DocumentType>INVOICE</fx:DocumentType><fx:DocumentFileName>%s</fx:DocumentFileName><fx:Version>%s</fx:Version><fx:ConformanceLevel>%s</fx:ConformanceLevel></rdf:Description>`

const (
	xmpProperty = `<rdf:li rdf:parseType="Resource"><pdfaProperty:name>`
	xmpText     = `<pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category><pdfaProperty:description>`
	xmpTail     = "\n</rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>"
)

func xmlText(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// xmp is the metadata stream, written unfiltered.
func (m *meta) xmp() []byte {
	b := fmt.Appendf(make([]byte, 0, 4096), xmpHead, xmlText(m.title), xmlText(m.author), xmlText(m.subject),
		producer, creator, m.date.UTC().Format("2006-01-02T15:04:05Z"))
	if m.fileName != "" {
		b = fmt.Appendf(b, xmpSchema, m.fileName, m.guide, m.level)
	}
	return append(b, xmpTail...)
}
