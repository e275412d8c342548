// Package pdf sets a document as a DIN 5008 form B letter and writes it as
// PDF/A-3u with the e-invoice XML inside (ZUGFeRD, Factur-X).
//
//	New           parses and subsets the two faces of IBM Plex Sans once
//	Render        Document + XML → PDF bytes; same input, same bytes
//	ExtractXML    PDF bytes of anybody → the invoice XML inside, with limits
//
// The writer follows the list in ISO 19005-3 that veraPDF checks: fonts embedded
// with ToUnicode, sRGB output intent, no transparency, unfiltered XMP, /ID,
// AFRelationship Alternative. All dates come from the document, none from the
// clock. It is not tagged (3a, PDF/UA); a logo
// carries its alternative text as marked content.
package pdf
