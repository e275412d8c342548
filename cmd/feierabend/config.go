package main

import (
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	"feierabend/internal/secret"
)

// config is every setting of the service. Names, defaults and German help are
// the struct's tags; the README's table is made from them (a test compares).
// Secret settings may also be given as a file: NAME_FILE; sealed in both (docs/keys.md).
type config struct {
	Mode           string        `env:"FEIERABEND_MODE" default:"live" doc:"demo oder live"`
	Listen         string        `env:"FEIERABEND_LISTEN" default:"localhost:8080" doc:"Adresse der Seiten und des Webhooks; auch PORT"`
	Roles          string        `env:"FEIERABEND_ROLES" default:"web,worker" doc:"Rollen dieses Prozesses: web (Seiten, Webhook), worker (Aufgaben); getrennt nur mit PostgreSQL; auch serve --roles"`
	InternalListen string        `env:"FEIERABEND_INTERNAL_LISTEN" default:"127.0.0.1:9090" doc:"Adresse für den Betreiber: /health, /queue, /metrics; nur dieser Rechner oder ein privates Netz; off = keine"`
	PublicURL      string        `env:"FEIERABEND_PUBLIC_URL" doc:"Adresse, unter der Menschen die Seiten öffnen; leer = aus FEIERABEND_LISTEN"`
	TrustedProxies string        `env:"FEIERABEND_TRUSTED_PROXIES" doc:"Adressen oder Netze (CIDR) der TLS-Proxys vor dem Dienst, mit Komma; nur ihnen wird X-Forwarded-For geglaubt; none = keinem. Im Betrieb mit https:// nötig, sonst träfen Begrenzungen alle auf einmal"`
	Data           string        `env:"FEIERABEND_DATA" doc:"Ordner der Datenbank; leer = ./data, im Probebetrieb ./data/demo (nur dieser wird beim Start geleert)"`
	DatabaseURL    secret.Secret `env:"FEIERABEND_DATABASE_URL" secret:"yes" doc:"postgres://… statt SQLite; auch DATABASE_URL"`
	DatabaseOwner  secret.Secret `env:"FEIERABEND_DATABASE_MIGRATE_URL" secret:"yes" doc:"dieselbe PostgreSQL-Datenbank mit der Rolle, der die Tabellen gehören; leer = die Rolle aus FEIERABEND_DATABASE_URL"`
	DatabaseScrub  secret.Secret `env:"FEIERABEND_DATABASE_SCRUB_URL" secret:"yes" doc:"dieselbe PostgreSQL-Datenbank mit der Rolle, die Gelöschtes überschreibt und durchsucht; leer = die Rolle aus FEIERABEND_DATABASE_URL"`
	DatabaseWait   time.Duration `env:"FEIERABEND_DATABASE_WAIT" default:"60s" doc:"so lange wartet der Dienst beim Start auf eine PostgreSQL-Datenbank, die noch nicht erreichbar oder noch nicht eingerichtet ist"`
	MasterKeys     secret.Secret `env:"FEIERABEND_MASTER_KEYS" secret:"yes" doc:"Hauptschlüssel <id>:<base64>[,…]; der erste verschließt, alle öffnen"`
	RootKey        secret.Secret `env:"FEIERABEND_ROOT_KEY" secret:"yes" doc:"fester Schlüssel für Prüfwerte, Sitzungen und Quittungen (base64, 32 Bytes)"`
	Models         string        `env:"FEIERABEND_MODELS" doc:"Ordner der Sprachmodelle; leer = Zwischenspeicher des Benutzers"`
	ModelFile      string        `env:"FEIERABEND_MODEL_FILE" doc:"Datei eines Sprachmodells, statt es zu laden"`
	Model          string        `env:"FEIERABEND_MODEL" default:"base" doc:"Sprachmodell: base oder small"`
	SpeechThreads  int           `env:"FEIERABEND_SPEECH_THREADS" default:"0" doc:"Rechenkerne der Spracherkennung; 0 = alle bis auf einen"`
	Tryout         string        `env:"FEIERABEND_TRYOUT" default:"on" doc:"Seite /ausprobieren für Fremde, ohne Zugang und ohne Speichern: on oder off"`
	Simulator      string        `env:"FEIERABEND_SIMULATOR" doc:"Adresse eines laufenden „feierabend simulate whatsapp“ statt des eingebauten"`
	SimulatorAt    string        `env:"FEIERABEND_SIMULATOR_LISTEN" default:"127.0.0.1:8081" doc:"Adresse des eingebauten Simulators im Probebetrieb"`
	WhatsAppURL    string        `env:"FEIERABEND_WHATSAPP_URL" default:"https://graph.facebook.com" doc:"Adresse der WhatsApp Cloud API"`
	WhatsAppAPI    string        `env:"FEIERABEND_WHATSAPP_VERSION" default:"v25.0" doc:"Version der Graph API"`
	WhatsAppNumber string        `env:"FEIERABEND_WHATSAPP_PHONE_NUMBER_ID" doc:"phone_number_id der eigenen Nummer"`
	WhatsAppPhone  string        `env:"FEIERABEND_WHATSAPP_NUMBER" doc:"die eigene WhatsApp-Nummer, an die Menschen schreiben, mit Ländervorwahl; leer = die Seite zum Verbinden zeigt nur den Code"`
	WhatsAppToken  secret.Secret `env:"FEIERABEND_WHATSAPP_TOKEN" secret:"yes" doc:"Zugriffsschlüssel des Systembenutzers"`
	WhatsAppSecret secret.Secret `env:"FEIERABEND_WHATSAPP_APP_SECRET" secret:"yes" doc:"App Secret; zwei mit Komma während eines Wechsels"`
	WhatsAppVerify secret.Secret `env:"FEIERABEND_WHATSAPP_VERIFY_TOKEN" secret:"yes" doc:"eigenes Wort der Webhook-Anmeldung"`
	SMTPHost       string        `env:"FEIERABEND_SMTP_HOST" doc:"Mailserver"`
	SMTPPort       int           `env:"FEIERABEND_SMTP_PORT" default:"587" doc:"Port des Mailservers"`
	SMTPUser       string        `env:"FEIERABEND_SMTP_USER" doc:"Benutzer am Mailserver"`
	SMTPPassword   secret.Secret `env:"FEIERABEND_SMTP_PASSWORD" secret:"yes" doc:"Passwort am Mailserver"`
	SMTPTLS        string        `env:"FEIERABEND_SMTP_TLS" default:"starttls" doc:"starttls, tls oder off (nur auf diesem Rechner)"`
	MailFrom       string        `env:"FEIERABEND_MAIL_FROM" doc:"Absender der Mails"`
	Operator       string        `env:"FEIERABEND_OPERATOR_CONTACT" doc:"Kontakt, den „Mensch“ im Chat nennt"`
	StopTimeout    time.Duration `env:"FEIERABEND_STOP_TIMEOUT" default:"20s" doc:"so lange dürfen laufende Aufgaben beim Beenden dauern"`
	AgeKey         secret.Secret `env:"FEIERABEND_AGE_KEY" secret:"key" doc:"Schlüssel, der die verschlossenen Einstellungen öffnet; als Datei (Rechte 0600) oder als systemd-Credential age.key; als Variable nur mit FEIERABEND_AGE_KEY_IN_ENVIRONMENT=yes"`
	AgeKeyInEnv    string        `env:"FEIERABEND_AGE_KEY_IN_ENVIRONMENT" doc:"yes = FEIERABEND_AGE_KEY darf selbst in der Umgebung stehen, wenn die Plattform nichts anderes bietet"`
	AgeRecipients  string        `env:"FEIERABEND_AGE_RECIPIENTS" doc:"öffentliche Schlüssel (age1…), für die feierabend secret und key verschließen, mit Komma; leer = der eigene"`
	AccessLog      string        `env:"FEIERABEND_ACCESS_LOG" default:"browser,system,referrer,minute,network" doc:"Felder des Zugriffsprotokolls; dazu page, answer; off = keines. Die Datenschutzerklärung nennt dieselben"`
	LogDays        int           `env:"FEIERABEND_LOG_DAYS" default:"7" doc:"so viele Tage bleiben Zugriffs- und Sicherheitsprotokoll, höchstens 30"`
	LogFolder      string        `env:"FEIERABEND_LOG_FOLDER" doc:"Ordner dieser beiden; leer = logs im Datenordner, mit PostgreSQL ohne Ordner stderr; stderr = zur Plattform, die dann Empfänger ist und nach der Frist löschen muss"`

	vault  vault     // how the secrets came
	stderr io.Writer // where logs without a folder go; nil = nowhere
}

// aliases are the only names without the prefix (day-one decision 5).
var aliases = map[string]string{"FEIERABEND_LISTEN": "PORT", "FEIERABEND_DATABASE_URL": "DATABASE_URL"}

// loadConfig reads and checks the settings; an unknown name with our prefix is an error.
func loadConfig(env environment) (config, error) {
	var c config
	known := []string{}
	v := reflect.ValueOf(&c).Elem()
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, kind := f.Tag.Get("env"), f.Tag.Get("secret")
		if name == "" {
			continue
		}
		known = append(known, name)
		if kind != "" {
			known = append(known, name+"_FILE")
		}
		if kind == "key" {
			continue // the vault reads it, where something is sealed
		}
		text, err := setting(env, name, kind != "")
		if err == nil && kind != "" {
			text, err = c.vault.open(env, name, text)
		}
		if err != nil {
			return c, err
		}
		if text == "" {
			text = f.Tag.Get("default")
		}
		if err := assign(v.Field(i), name, text); err != nil {
			return c, err
		}
	}
	if err := refuseUnknown(env, known); err != nil {
		return c, err
	}
	if !c.DatabaseURL.Empty() && env.get(libpqPassword) != "" {
		c.vault.plain = append(c.vault.plain, libpqPassword)
	}
	if c.Mode != "demo" && c.Mode != "live" {
		return c, usage("FEIERABEND_MODE ist „%s“. Möglich sind demo und live.", c.Mode)
	}
	return c, nil
}

func setting(env environment, name string, secret bool) (string, error) {
	if text := env.get(name); text != "" {
		return text, nil
	}
	if secret && env.get(name+"_FILE") != "" {
		b, err := os.ReadFile(env.get(name + "_FILE"))
		if err != nil {
			return "", usage("%s_FILE nennt eine Datei, die sich nicht lesen lässt. Bitte Pfad und Rechte prüfen.", name)
		}
		return strings.TrimSpace(string(b)), nil
	}
	switch alias := aliases[name]; {
	case alias == "PORT" && env.get(alias) != "":
		return ":" + env.get(alias), nil
	case alias != "":
		return env.get(alias), nil
	}
	return "", nil
}

func assign(f reflect.Value, name, text string) error {
	switch f.Interface().(type) {
	case string:
		f.SetString(text)
	case secret.Secret:
		f.Set(reflect.ValueOf(secret.New(text)))
	case int:
		var n int
		if _, err := fmt.Sscanf(text, "%d", &n); err != nil || fmt.Sprint(n) != text {
			return usage("%s muss eine ganze Zahl sein.", name)
		}
		f.SetInt(int64(n))
	case time.Duration:
		d, err := time.ParseDuration(text)
		if err != nil {
			return usage("%s muss eine Dauer sein, zum Beispiel 20s.", name)
		}
		f.SetInt(int64(d))
	}
	return nil
}

// refuseUnknown stops on misspelt settings. FEIERABEND_TEST_* and FEIERABEND_BIN
// belong to the project's test scripts.
func refuseUnknown(env environment, known []string) error {
	names := make([]string, 0, len(env.values))
	for name := range env.values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if !strings.HasPrefix(name, "FEIERABEND_") || slices.Contains(known, name) ||
			strings.HasPrefix(name, "FEIERABEND_TEST_") || name == "FEIERABEND_BIN" {
			continue
		}
		return usage("Die Einstellung %s gibt es nicht. Meinten Sie %s? Alle Einstellungen: feierabend config", name, nearest(name, known))
	}
	return nil
}

// nearest is the candidate with the least edit distance to s.
func nearest(s string, candidates []string) string {
	best, least := "", 1<<30
	for _, c := range candidates {
		if d := distance(s, c); d < least {
			best, least = c, d
		}
	}
	return best
}

func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
