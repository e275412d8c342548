package web

import (
	"net/http"
	"net/netip"
	"strings"

	"feierabend"
)

// observe tells the access log and the security log of a request that was answered.
func (s *server) observe(r *http.Request, v *visit, rt route, status int) {
	if s.Visit != nil && rt.who != provider && (rt.class == classPage || rt.class == classFile) {
		s.Visit(feierabend.PageView{
			At: s.Now(), Method: rt.method, Route: rt.pattern, Status: status,
			UserAgent: r.UserAgent(), Referrer: r.Referer(), Address: remote(r),
		})
	}
	if act := securityAct(rt, status, v); act != "" {
		s.secured(r, v, act, rt.pattern, v.code)
	}
}

// secured writes a line of the security log.
func (s *server) secured(r *http.Request, v *visit, act feierabend.SecurityAct, route, code string) {
	if s.Security != nil {
		s.Security(feierabend.SecurityEvent{Act: act, User: v.session.User, Address: remote(r), Route: route, Code: code})
	}
}

// securityAct says what an answer means for the security log (LOG-04); "" = nothing.
func securityAct(rt route, status int, v *visit) feierabend.SecurityAct {
	redeems := rt.method == http.MethodPost && (strings.HasPrefix(rt.pattern, "/anmelden/") && !strings.HasPrefix(rt.pattern, recoveryPath) || rt.pattern == "/betrieb/anmelden")
	typed := rt.method == http.MethodPost && strings.HasSuffix(rt.pattern, "/code") // a code of a mail, at whichever page
	switch {
	case v.limited, status == http.StatusTooManyRequests:
		return feierabend.SecurityLimited
	case rt.who == provider:
		if status == http.StatusUnauthorized || status == http.StatusForbidden {
			return feierabend.SecuritySignature
		}
		return ""
	case redeems && status == http.StatusSeeOther:
		return feierabend.SecuritySignedIn
	case (redeems || typed) && status == http.StatusUnprocessableEntity:
		return feierabend.SecuritySignInFailed
	case rt.act != "" && status == http.StatusSeeOther:
		return rt.act
	case rt.pattern == "/abmelden" && status < http.StatusBadRequest:
		return feierabend.SecuritySignedOut
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusMisdirectedRequest:
		return feierabend.SecurityDenied
	case status == http.StatusNotFound && rt.tenant != "": // a foreign thing, or none
		return feierabend.SecurityDenied
	}
	return ""
}

// remote is the address that a request comes from (fromCaller); zero where it is none.
func remote(r *http.Request) netip.Addr {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return at.Addr().Unmap().WithZone("")
}
