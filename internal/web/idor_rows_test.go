package web_test

import "net/url"

// idorRow says what the people who may call a route get there; what all others get
// follows from the route table (TestIDOR). An outcome is a status, or where the answer
// leads: "signin", "firm", "proof".
type idorRow struct {
	public   string     // the route looks at no session: why that is right
	form     url.Values // what is sent; ids of the first firm as in the path: "{case}"
	query    string
	owner    string // outcome for the owner of the firm
	office   string // "" = as the owner
	staff    string // "" = as the owner; a staff member who dictated none of it
	other    string // the owner of the other firm, where no id of a firm is in the path; "" = as the owner
	operator string // whoever runs the service, on routes that need no firm or are theirs; "" = as the owner
	noFirm   string // a person of no firm, on routes that need none; "" = as the owner
}

// idorRows has a row for every route (TEN-02): a route without one fails the test.
var idorRows = map[string]idorRow{
	"GET /{$}":      {public: "leads to the sign-in page or to the own cases"},
	"GET /stand":    {owner: "200"},
	"GET /anmelden": {public: "the way in"}, "POST /anmelden": {public: "the way in"},
	"GET /anmelden/code": {public: "the way in"}, "POST /anmelden/code": {public: "the way in: code and browser"},
	"GET /anmelden/link": {public: "the way in"}, "POST /anmelden/link": {public: "the way in: token and browser"},
	"GET /anmelden/kein-zugang": {public: "the way back in: the own cookie"}, "POST /anmelden/kein-zugang": {public: "the way back in: a code of nobody"},
	"GET /anmelden/kein-zugang/stand": {public: "the own cookie"}, "POST /anmelden/kein-zugang/adresse": {public: "the own cookie"}, "POST /anmelden/kein-zugang/code": {public: "the own cookie and a mailed code"},
	"GET /anmelden/kein-zugang/stopp": {public: "the token of a notice"}, "POST /anmelden/kein-zugang/stopp": {public: "the token of a notice"},
	"POST /abmelden":  {public: "ends the session of its own cookie"},
	"GET /firma":      {owner: "200", operator: "operator"},
	"POST /firma":     {owner: "303", form: url.Values{"firma": {"{firm}"}}, other: "404", noFirm: "404", operator: "404"},
	"GET /einladung":  {public: "the token of a mail"},
	"POST /einladung": {public: "the token of a mail"},
	"POST /firma/annehmen": {
		owner: "404", noFirm: "404", // an invitation to somebody else's address
		form: url.Values{"firma": {"{firm}"}, "einladung": {"{invitation}"}, "name": {"Fremd"}},
	},

	"GET /v/{case}":                 {owner: "200", staff: "404"},
	"GET /v/{case}/stand":           {owner: "200", staff: "404"},
	"POST /v/{case}/antwort":        {owner: "303", staff: "404", form: url.Values{"version": {"1"}, "path": {"supply"}, "wert": {"gestern"}}},
	"POST /v/{case}/ausstellen":     {owner: "422", staff: "404", form: url.Values{"version": {"1"}}}, // questions are open
	"GET /v/{case}/verwerfen":       {owner: "200", staff: "404"},
	"POST /v/{case}/verwerfen":      {owner: "303", staff: "404"},
	"GET /v/{case}/gespeichert":     {owner: "422", staff: "404"}, // not issued yet
	"POST /v/{case}/gespeichert":    {owner: "422", staff: "404"},
	"POST /v/{case}/noch-nicht":     {owner: "303", staff: "404"},
	"POST /f/{doc}/{file}/download": {owner: "303", staff: "404"},
	"GET /f/{doc}/{file}":           {owner: "200", staff: "404"},
	"GET /m/{message}/clip":         {owner: "200", staff: "404", query: "?von=0&bis=1000"},

	"GET /v/{case}/angaben":  {owner: "303", staff: "404"},                                     // nothing is missing
	"POST /v/{case}/angaben": {owner: "422", staff: "404", form: url.Values{"version": {"1"}}}, // questions are open

	"GET /kunden":                       {owner: "200"},
	"POST /kunden/link":                 {owner: "303", staff: "403", other: "409"}, // the other firm has not switched them on
	"POST /v/{case}/kundenlink":         {owner: "303", staff: "403"},
	"GET /kunden/link/{kunde}":          {owner: "200", staff: "403"},
	"POST /kunden/link/{kunde}/beenden": {owner: "303", staff: "403"},
	"POST /kunden":                      {owner: "303", office: "403", staff: "403", form: url.Values{"weitergeleitet": {"1"}, "kundenlink": {"1"}}},

	"GET /stammdaten":                 {owner: "200", staff: "403"},
	"GET /stammdaten/{teil}":          {owner: "200", staff: "403"},
	"POST /stammdaten/{teil}":         {owner: "409", office: "403", staff: "403"}, // the form is behind
	"GET /stammdaten/bank":            {owner: "200", staff: "403"},
	"POST /stammdaten/bank":           {owner: "409", office: "403", staff: "403"},
	"GET /stammdaten/logo":            {owner: "200", staff: "403"},
	"POST /stammdaten/logo":           {owner: "422", office: "403", staff: "403"}, // no file
	"POST /stammdaten/logo/entfernen": {owner: "303", office: "403", staff: "403"},
	"GET /stammdaten/logo.png":        {owner: "404", staff: "403"}, // none yet

	"GET /preisliste":                {owner: "200", staff: "403"},
	"POST /preisliste/suche":         {owner: "200", staff: "403", form: url.Values{"suche": {"rohr"}}},
	"GET /preisliste.csv":            {owner: "200", staff: "403"},
	"GET /preisliste/vorlage.csv":    {owner: "200", staff: "403"},
	"GET /preisliste/neu":            {owner: "200", office: "403", staff: "403"},
	"POST /preisliste/posten":        {owner: "422", office: "403", staff: "403", form: url.Values{"bezeichnung": {"Rohr"}}}, // no price
	"GET /preisliste/{nr}":           {owner: "200", other: "404", office: "403", staff: "403"},
	"GET /preisliste/{nr}/entfernen": {owner: "200", other: "404", office: "403", staff: "403"},
	"POST /preisliste/entfernen":     {owner: "303", office: "403", staff: "403", form: url.Values{"war": {"gibt es nicht"}}},
	"GET /preisliste/datei":          {owner: "200", office: "403", staff: "403"},
	"POST /preisliste/datei":         {owner: "422", office: "403", staff: "403"}, // no form with a file
	"POST /preisliste/vorschau":      {owner: "422", office: "403", staff: "403"},
	"POST /preisliste/uebernehmen":   {owner: "422", office: "403", staff: "403"},

	"GET /adressbuch":                     {owner: "200", staff: "403"},
	"POST /adressbuch/suche":              {owner: "200", staff: "403", form: url.Values{"suche": {"Idorwohlers"}}},
	"POST /adressbuch/an":                 {owner: "303", office: "403", staff: "403", form: url.Values{"monate": {"12"}}},
	"GET /adressbuch/aus":                 {owner: "200", office: "403", staff: "403"},
	"POST /adressbuch/aus":                {owner: "303", office: "403", staff: "403"},
	"GET /adressbuch/neu":                 {owner: "200", staff: "403", other: "303"}, // the other firm keeps none
	"POST /adressbuch/neu":                {owner: "422", staff: "403"},               // nothing is typed
	"GET /adressbuch/{address}":           {owner: "200", staff: "403"},
	"POST /adressbuch/{address}":          {owner: "422", staff: "403", form: url.Values{"version": {"1"}}},
	"GET /adressbuch/{address}/loeschen":  {owner: "200", staff: "403"},
	"POST /adressbuch/{address}/loeschen": {owner: "303", staff: "403"},
	"POST /v/{case}/adressbuch":           {owner: "422", staff: "403"}, // its address is not said yet

	"GET /quittungen":                {owner: "200"},
	"GET /q/{receipt}":               {owner: "200", staff: "404"},
	"GET /q/{receipt}/stand":         {owner: "200", staff: "404"},
	"GET /q/{receipt}/quittung.json": {owner: "200", staff: "404"},

	"GET /mails":              {owner: "200"},
	"POST /mails":             {owner: "303", form: url.Values{"an": {"0"}}},
	"GET /mails/abbestellen":  {public: "the token of a mail"},
	"POST /mails/abbestellen": {public: "the token of a mail"}, "POST /mails/bestellen": {public: "the token of a mail"},

	"GET /einstellungen":         {owner: "200"},
	"GET /geraete":               {owner: "200"},
	"POST /geraete/beenden":      {owner: "303", form: url.Values{"geraet": {"{device}"}}}, // somebody else's: nothing happens
	"POST /geraete/andere":       {owner: "303"},
	"GET /bestaetigung":          {owner: "200"},
	"GET /bestaetigung/stand":    {owner: "200"},
	"POST /bestaetigung/telefon": {owner: "303"},
	"POST /bestaetigung/mail":    {owner: "303"},
	"GET /bestaetigung/code":     {owner: "200"},
	"POST /bestaetigung/code":    {owner: "422", form: url.Values{"code": {"0000-0000"}}},
	"POST /bestaetigung/chat":    {owner: "409"}, // no code has come
	"GET /konto":                 {owner: "200"},
	"POST /konto/name":           {owner: "303", form: url.Values{"name": {"Neuer Name"}}},
	"GET /konto/verlassen":       {owner: "200"},
	"POST /konto/verlassen":      {owner: "409", office: "signin", staff: "signin"}, // the last owner stays

	"GET /registrieren":        {public: "the way in"},
	"POST /registrieren":       {public: "the way in"},
	"GET /registrieren/code":   {public: "the way in"},
	"POST /registrieren/mail":  {public: "the mail again, to the address of the own form"},
	"GET /vertrag":             {owner: "200"},
	"POST /vertrag":            {owner: "409", office: "403", staff: "403", form: url.Values{"text": {"00"}}}, // another text than the shown one
	"GET /konto/adresse":       {owner: "200"},
	"POST /konto/adresse":      {owner: "303", form: url.Values{"email": {"anders@neu.example"}}},
	"GET /konto/adresse/code":  {owner: "200"},
	"POST /konto/adresse/code": {owner: "422", form: url.Values{"code": {"0000-0000"}}},
	"GET /adresse/zurueck":     {public: "the token of a mail"},
	"POST /adresse/zurueck":    {public: "the token of a mail"},

	"POST /anmelden/passkey/frage":       {public: "a question to whoever asks"},
	"POST /anmelden/passkey":             {public: "the way in: device key and browser"},
	"POST /bestaetigung/passkey/frage":   {owner: "200", staff: "409", office: "409", noFirm: "409", operator: "200", other: "409"}, // without a passkey nothing is asked
	"POST /bestaetigung/passkey":         {owner: "422"},                                                                            // no answer of a device
	"GET /passkeys/neu":                  {owner: "200"},
	"POST /passkeys/frage":               {owner: "200"},
	"POST /passkeys":                     {owner: "422", form: url.Values{"name": {"Telefon"}}},
	"GET /passkeys/{passkey}/entfernen":  {owner: "200", office: "404", staff: "404", other: "404", noFirm: "404", operator: "404"},
	"POST /passkeys/{passkey}/entfernen": {owner: "303", office: "404", staff: "404", other: "404", noFirm: "404", operator: "404"},
	"GET /betrieb/einladung":             {public: "the token of an invitation"},
	"POST /betrieb/einladung":            {public: "the token of an invitation"},
	"GET /betrieb/anmelden":              {owner: "404", operator: "operator"},
	"POST /betrieb/anmelden":             {owner: "404", operator: "operator"}, // a demonstration lets an operator in

	"GET /betrieb":                           {operator: "200"},
	"GET /betrieb/firma/{tenant}":            {operator: "200"},
	"POST /betrieb/firma/{tenant}/sperren":   {operator: "operator"},
	"POST /betrieb/firma/{tenant}/freigeben": {operator: "operator"},

	"GET /team":           {owner: "200", office: "403", staff: "403"},
	"POST /team/preise":   {owner: "303", office: "403", staff: "403", form: url.Values{"preise": {"1"}}},
	"GET /team/einladen":  {owner: "200", office: "403", staff: "403"},
	"POST /team/einladen": {owner: "303", office: "403", staff: "403", form: url.Values{"email": {"wer@neu.example"}, "rolle": {"staff"}}},
	"POST /team/einladung/{invitation}/zurueck": {owner: "303", office: "403", staff: "403"},
	"GET /team/{person}":                        {owner: "200", office: "403", staff: "403"},
	"POST /team/{person}/rolle":                 {owner: "303", office: "403", staff: "403", form: url.Values{"rolle": {"office"}}},
	"POST /team/{person}/entfernen":             {owner: "303", office: "403", staff: "403"},

	"GET /nummern":                      {owner: "200"},
	"GET /nummern/neu":                  {owner: "200"},
	"POST /nummern/neu":                 {owner: "303", form: url.Values{"nummer": {"0171 39203456"}}},
	"GET /nummern/verbinden":            {owner: "303"}, // this browser has asked for none
	"GET /nummern/verbinden/stand":      {owner: "404"},
	"POST /nummern/verbinden/ja":        {owner: "303"},
	"POST /nummern/verbinden/abbrechen": {owner: "303"},
	"GET /nummern/{sender}/neu":         {owner: "303", office: "403", staff: "403"}, // it is not suspended
	"POST /nummern/{sender}/neu":        {owner: "303", office: "403", staff: "403"},
	"GET /nummern/{sender}/trennen":     {owner: "200", office: "403", staff: "403"},
	"POST /nummern/{sender}/trennen":    {owner: "303", office: "403", staff: "403"},

	"GET /webhooks/whatsapp":     {public: "known by its token"},
	"POST /webhooks/whatsapp":    {public: "known by its signature"},
	"GET /healthz":               {public: "codes only"},
	"GET /static/{file}":         {public: "the same for all"},
	"GET /ausprobieren":          {public: "keeps nothing, knows no firm"},
	"POST /ausprobieren":         {public: "keeps nothing, knows no firm"},
	"POST /ausprobieren/antwort": {public: "keeps nothing, knows no firm"},
	"POST /ausprobieren/muster":  {public: "keeps nothing, knows no firm"},
}

// idorBodies are ids in forms: a foreign one and an unknown one get the same answer,
// and nothing of the other firm changes.
var idorBodies = []struct {
	route, field string
	form         url.Values
}{
	{"POST /firma", "firma", url.Values{"firma": {"{firm}"}}},
	{"POST /firma/annehmen", "einladung", url.Values{"firma": {"{firm}"}, "einladung": {"{invitation}"}, "name": {"Fremd"}}},
	{"POST /firma/annehmen", "firma", url.Values{"firma": {"{firm}"}, "einladung": {"{invitation}"}, "name": {"Fremd"}}},
	{"POST /geraete/beenden", "geraet", url.Values{"geraet": {"{device}"}}},
}
