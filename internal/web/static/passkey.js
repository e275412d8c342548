'use strict';
// What this script does: a form with data-passkey asks the server for a question, lets
// the device answer it, puts the answer into the form and sends it. Nothing else.
(() => {
  const bytes = s => Uint8Array.from(atob(s.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0));
  const text = b => btoa(String.fromCharCode(...new Uint8Array(b))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  const list = l => (l || []).map(c => ({...c, id: bytes(c.id)}));
  const words = {
    NotAllowedError: 'Abgebrochen, oder es hat zu lange gedauert. Es ist nichts geändert worden.',
    InvalidStateError: 'Auf diesem Gerät gibt es schon einen Passkey für diesen Zugang.',
  };
  const other = 'Das hat nicht geklappt. Es ist nichts geändert worden. Bitte laden Sie die Seite neu und versuchen Sie es noch einmal.';

  async function answer(ask) {
    const r = await fetch(ask, {method: 'POST', credentials: 'same-origin', cache: 'no-store'});
    if (!r.ok) throw new Error(r.status);
    const o = (await r.json()).publicKey;
    o.challenge = bytes(o.challenge);
    let c;
    if (o.user) {
      o.user.id = bytes(o.user.id);
      o.excludeCredentials = list(o.excludeCredentials);
      c = await navigator.credentials.create({publicKey: o});
    } else {
      o.allowCredentials = list(o.allowCredentials);
      c = await navigator.credentials.get({publicKey: o});
    }
    const out = {};
    for (const k of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) if (c.response[k]) out[k] = text(c.response[k]);
    return JSON.stringify({id: c.id, rawId: text(c.rawId), type: c.type, response: out, clientExtensionResults: {}});
  }

  document.querySelectorAll('form[data-passkey]').forEach(form => {
    const failed = form.querySelector('[data-failed]');
    if (!window.PublicKeyCredential) {
      form.parentElement.querySelector('[data-without]').hidden = false;
      return;
    }
    let busy = false;
    form.hidden = false;
    form.addEventListener('submit', async e => {
      e.preventDefault();
      if (busy) return;
      busy = true;
      failed.hidden = true;
      try {
        form.elements.antwort.value = await answer(form.dataset.passkey);
        form.submit();
      } catch (x) {
        failed.textContent = words[x.name] || other;
        failed.hidden = false;
      }
      busy = false;
    });
  });
})();
