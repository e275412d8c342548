// The mailbox: loads the page again as soon as a mail has come.
"use strict";
(async () => {
  const version = document.getElementById("mails").dataset.version;
  for (;;) {
    try {
      const r = await fetch("/sim/v1/mails?wait=50s&since=" + version);
      const v = await r.json();
      if (String(v.version) !== version) { location.reload(); return; }
    } catch {
      await new Promise((done) => setTimeout(done, 3000));
    }
  }
})();
