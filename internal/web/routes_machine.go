package web

// machineRoutes are the rows of what no person opens: webhooks, health, assets.
func machineRoutes() []route {
	return []route{
		on("GET", "/webhooks/whatsapp", provider, "", classData, noBody, (*server).webhookVerify),
		on("POST", "/webhooks/whatsapp", provider, "", classData, webhookBody, (*server).webhook),
		on("GET", "/healthz", anyone, "", classData, noBody, (*server).health),
		on("GET", "/static/{file}", anyone, "", classAsset, noBody, (*server).asset),
	}
}
