package whatsapp

import (
	"encoding/json"

	"feierabend"
)

type statusBody struct {
	ID        flexString      `json:"id"`
	Status    flexString      `json:"status"`
	Timestamp flexString      `json:"timestamp"`
	Callback  flexString      `json:"biz_opaque_callback_data"`
	Errors    json.RawMessage `json:"errors"`
}

// status reads one element of value.statuses. Order and repetition are arbitrary
// and "delivered" is skipped when read at once: the store ranks the states.
func (c *Client) status(raw json.RawMessage) (st feierabend.DeliveryStatus, ok bool) {
	var b statusBody
	if !object(raw, &b) || b.ID == "" && b.Callback == "" {
		return st, false
	}
	st = feierabend.DeliveryStatus{Channel: channel, ExternalID: string(b.ID), Callback: string(b.Callback)}
	st.At, _ = c.sentAt(string(b.Timestamp))
	switch b.Status {
	case "sent":
		st.State = feierabend.SendSent
	case "delivered":
		st.State = feierabend.SendDelivered
	case "read", "played":
		st.State = feierabend.SendRead
	case "failed":
		st.State = feierabend.SendFailed
		for _, e := range list(b.Errors) {
			var v struct {
				Code flexInt `json:"code"`
			}
			if object(e, &v) && v.Code != 0 {
				st.Code = int(v.Code)
				break
			}
		}
	default:
		return st, false
	}
	return st, true
}
