package whatsapp

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"time"

	"feierabend"
)

// DocumentLimit is WhatsApp's limit for a document, in bytes.
const DocumentLimit = 100 << 20

// Media resolves a media id to an address that lives five minutes. Ids from
// webhooks expire after seven days: then the error has Media set and the code
// of feierabend.ReasonMediaExpired. phone_number_id is not sent: for inbound
// media the API then refuses.
func (c *Client) Media(ctx context.Context, t feierabend.TenantID, mediaID string) (feierabend.MediaInfo, error) {
	b, err := c.call(ctx, t, request{method: http.MethodGet, address: c.endpoint(url.PathEscape(mediaID))})
	if err != nil {
		return feierabend.MediaInfo{}, err
	}
	var v struct {
		URL    flexString `json:"url"`
		Type   flexString `json:"mime_type"`
		SHA256 flexString `json:"sha256"`
		Size   flexInt    `json:"file_size"`
	}
	if json.Unmarshal(b, &v) != nil || v.URL == "" {
		return feierabend.MediaInfo{}, noAnswer(errors.New("media answer without an address"), false)
	}
	return feierabend.MediaInfo{ID: mediaID, URL: string(v.URL), Type: string(v.Type), SHA256: string(v.SHA256), Size: max(0, int64(v.Size))}, nil
}

// Download fetches a resolved file. An address that has gone is resolved again
// once. The announced size is checked before and the checksum after reading;
// more than limit bytes are never read. Besides *feierabend.ChatError the errors
// have the codes of ReasonTooLarge, ReasonEmpty and ReasonMediaWrong.
func (c *Client) Download(ctx context.Context, t feierabend.TenantID, m feierabend.MediaInfo, limit int64) ([]byte, error) {
	if m.Size > limit {
		return nil, mediaFault(feierabend.ReasonTooLarge, fmt.Errorf("%d bytes announced", m.Size))
	}
	data, err := c.fetch(ctx, t, m.URL, limit)
	if feierabend.KindOf(err) == feierabend.Gone && m.ID != "" {
		again, rerr := c.Media(ctx, t, m.ID)
		if rerr != nil {
			return nil, rerr
		}
		if again.SHA256 == "" {
			again.SHA256 = m.SHA256
		}
		m = again
		data, err = c.fetch(ctx, t, m.URL, limit)
		if feierabend.KindOf(err) == feierabend.Gone { // resolves, but is not there yet: later
			err = retry(0, time.Minute)
		}
	}
	if err != nil {
		return nil, err
	}
	return data, verify(m, data)
}

// fetch reads one address with a hard limit.
func (c *Client) fetch(ctx context.Context, t feierabend.TenantID, address string, limit int64) ([]byte, error) {
	resp, _, err := c.do(ctx, t, request{method: http.MethodGet, address: address})
	if err != nil {
		return nil, noAnswer(err, false)
	}
	defer resp.Body.Close()
	switch kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); {
	case resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusGone: // the address has expired
		return nil, goneMedia(0)
	case resp.StatusCode == http.StatusOK && kind == "text/html": // a page in place of the file
		return nil, retry(0, time.Minute)
	case resp.StatusCode != http.StatusOK:
		b, _ := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
		return nil, graphError(resp.StatusCode, resp.Header, b)
	}
	if resp.ContentLength > limit {
		return nil, mediaFault(feierabend.ReasonTooLarge, fmt.Errorf("%d bytes", resp.ContentLength))
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return nil, noAnswer(err, false)
	}
	if int64(len(data)) > limit {
		return nil, mediaFault(feierabend.ReasonTooLarge, fmt.Errorf("more than %d bytes", limit))
	}
	return data, nil
}

// verify compares size and checksum with what was announced. The checksum comes
// as hex (Graph API) or base64 (webhook); one in another form is not compared.
func verify(m feierabend.MediaInfo, data []byte) error {
	if len(data) == 0 {
		return mediaFault(feierabend.ReasonEmpty, errors.New("no bytes"))
	}
	if m.Size > 0 && m.Size != int64(len(data)) {
		return mediaFault(feierabend.ReasonMediaWrong, fmt.Errorf("%d bytes, %d announced", len(data), m.Size))
	}
	sum := sha256.Sum256(data)
	if want := checksum(m.SHA256); want != nil && !bytes.Equal(want, sum[:]) {
		return mediaFault(feierabend.ReasonMediaWrong, errors.New("checksum differs"))
	}
	return nil
}

func checksum(s string) []byte {
	for _, decode := range []func(string) ([]byte, error){
		hex.DecodeString, base64.StdEncoding.DecodeString, base64.RawStdEncoding.DecodeString, base64.URLEncoding.DecodeString,
	} {
		if b, err := decode(strings.TrimSpace(s)); err == nil && len(b) == sha256.Size {
			return b
		}
	}
	return nil
}

func mediaFault(code string, err error) error {
	return &feierabend.ChatError{Media: true, Err: &feierabend.Error{Kind: feierabend.Invalid, Code: code, Text: textMedia, Err: err}}
}

// Upload stores a file at Meta for at most 30 days and gives its id. The type
// goes into both fields that Meta reads.
func (c *Client) Upload(ctx context.Context, t feierabend.TenantID, name, mimeType string, data []byte) (mediaID string, err error) {
	if len(data) == 0 || len(data) > DocumentLimit {
		return "", mediaFault(feierabend.ReasonTooLarge, fmt.Errorf("upload of %d bytes", len(data)))
	}
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	w.WriteField("messaging_product", "whatsapp")
	w.WriteField("type", mimeType)
	h := textproto.MIMEHeader{}
	h.Set("Content-Disposition", multipart.FileContentDisposition("file", name))
	h.Set("Content-Type", mimeType)
	part, err := w.CreatePart(h)
	if err != nil {
		return "", &feierabend.Error{Kind: feierabend.Internal, Code: "chat_upload", Err: err}
	}
	part.Write(data) // into memory: cannot fail
	w.Close()
	address := c.endpoint(url.PathEscape(c.o.PhoneNumberID) + "/media")
	b, err := c.call(ctx, t, request{method: http.MethodPost, address: address, contentType: w.FormDataContentType(), body: &buf})
	if err != nil {
		return "", err
	}
	var v struct {
		ID flexString `json:"id"`
	}
	if json.Unmarshal(b, &v) != nil || v.ID == "" {
		return "", noAnswer(errors.New("upload answer without an id"), false)
	}
	return string(v.ID), nil
}

// Delete removes a file at Meta. One that is already gone is a success.
func (c *Client) Delete(ctx context.Context, t feierabend.TenantID, mediaID string) error {
	_, err := c.call(ctx, t, request{method: http.MethodDelete, address: c.endpoint(url.PathEscape(mediaID))})
	var ce *feierabend.ChatError
	if errors.As(err, &ce) && ce.Media {
		return nil
	}
	return err
}
