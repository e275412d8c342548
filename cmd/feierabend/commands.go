package main

// commands is the whole command line (design §5), in the order of the help.
func commands() []command {
	return []command{
		{name: "serve", does: "startet den Dienst; --demo: Probebetrieb auf diesem Rechner, ohne Schlüssel, ohne Netz", run: cmdServe},
		{name: "demo", does: "führt die ganze Geschichte vor: Sprachnachricht, Rechnung, Löschung mit Beweis", run: cmdDemo},
		{name: "transcribe", does: "schreibt Sprachnachrichten auf: DATEI…", run: plain(cmdTranscribe)},
		{name: "draft", does: "macht aus Diktaten Entwürfe: JSON-Zeilen hinein, JSON-Zeilen heraus", run: plain(cmdDraft)},
		{name: "invoice", does: "macht aus beschriebenen Rechnungen PDF und XML: --out ORDNER DATEI.json…", run: plain(cmdInvoice)},
		{name: "check", does: "prüft E-Rechnungen: DATEI.pdf oder DATEI.xml", run: plain(cmdCheck)},
		{name: "tenant", does: "legt Firmen an, trägt ihre Weisungen ein, sperrt und zeigt sie: create, set, block, unblock, list", run: viaStore("tenant")},
		{name: "operator", does: "sagt, wer den Dienst betreibt: invite MAIL, list, remove MAIL", run: cmdOperator},
		{name: "sender", does: "verbindet Telefonnummern mit Personen: add, list", run: viaStore("sender")},
		{name: "user", does: "beginnt die drei Tage Wartezeit nach verlorenem Postfach: recover", run: viaStore("user")},
		{name: "digest", does: "schickt die Feierabend-Mails des Tages schon jetzt: --now", run: viaStore("digest")},
		{name: "erase", does: "wiederholt den Beweis ausstehender Löschungen: --verify", run: viaStore("erase")},
		{name: "audit", does: "prüft das Protokoll auf Veränderungen: verify", run: viaStore("audit")},
		{name: "doctor", does: "untersucht Einstellungen, Rechner und Datenbank; --live: auch die Anbieter; --accept-clock: bestätigt die Uhr", run: cmdDoctor},
		{name: "migrate", does: "bringt die Datenbank auf den Stand dieses Programms", run: cmdMigrate},
		{name: "numbers", does: "zeigt das Nummernbuch einer Firma: --tenant ID", run: viaStore("numbers")},
		{name: "backup", does: "sichert Firmen, Nummern und Belege, nie Inhalte: --out DATEI, --check DATEI", run: cmdBackup},
		{name: "restore", does: "spielt eine Sicherung in eine leere Datenbank zurück: DATEI [--last …] [--jump]", run: cmdRestore},
		{name: "receipt", does: "prüft Löschquittungen ohne Netz: verify DATEI…", run: cmdReceipt},
		{name: "model", does: "holt Sprachmodelle: pull, import DATEI, list, path", run: plain(cmdModel)},
		{name: "simulate", does: "stellt WhatsApp nach, mit Telefon im Browser: whatsapp", run: plain(cmdSimulate)},
		{name: "key", does: "erzeugt und wechselt Schlüssel: new, add, list, rotate, drop NUMMER", run: cmdKey},
		{name: "secret", does: "verschließt Zugriffsschlüssel für die Umgebung: keygen, seal NAME, check, rotate", run: cmdSecret},
		{name: "config", does: "zeigt jede Einstellung", run: cmdConfig},
		{name: "speech-worker", hidden: true, run: plain(cmdSpeechWorker)},
		{name: "audio-clip", hidden: true, run: plain(cmdAudioClip)},
	}
}
