package web

import (
	"context"

	"feierabend"
)

// devices are the signed-in browsers of a person (SES-04).
type devices interface {
	Devices(ctx context.Context, u feierabend.UserID) ([]feierabend.Session, error)
	EndDevice(ctx context.Context, u feierabend.UserID, device string) error
	EndOthers(ctx context.Context, u feierabend.UserID, tokenHash []byte) error
}

// stepUp proves a signed-in person anew, before what is sensitive (AUTH-13).
type stepUp interface {
	ProofMail(ctx context.Context, session feierabend.Session, from feierabend.Asking) error
	Confirm(ctx context.Context, cookie, code string, bindHash []byte) (string, feierabend.Session, error)
	ShowCode(ctx context.Context, cookie string, session feierabend.Session) error
	Shown(ctx context.Context, cookie string, session feierabend.Session) (feierabend.ProofShown, error)
	ConfirmChat(ctx context.Context, cookie string) (string, feierabend.Session, error)
}

// teams is who belongs to a firm (J-15).
type teams interface {
	Members(ctx context.Context, t feierabend.TenantID) ([]feierabend.Colleague, error)
	SetRole(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, u feierabend.UserID, role feierabend.Role) error
	Remove(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, u feierabend.UserID) error
	Leave(ctx context.Context, by feierabend.Actor, t feierabend.TenantID) error
	SetStaffPrices(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, see bool) error
	Rename(ctx context.Context, u feierabend.UserID, name string) error

	Invite(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, email string, role feierabend.Role) error
	Waiting(ctx context.Context, by feierabend.Actor, t feierabend.TenantID) ([]feierabend.Invitation, error)
	Withdraw(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, id string) error
	Show(ctx context.Context, token string) (feierabend.Offer, error)
	Answer(ctx context.Context, token string) (string, error)
	Offers(ctx context.Context, u feierabend.UserID) ([]feierabend.Offer, error)
	Accept(ctx context.Context, u feierabend.UserID, t feierabend.TenantID, id, name string) error
}
