'use strict';
// What this script does: it plays the tapped passage without loading the page
// again, keeps the countdown, and looks for news. Every page works without it.
// No HTML from strings anywhere (Trusted Types): nodes and text only.
(() => {
  const $ = (s, e = document) => e.querySelector(s);
  let sound;

  function play(src, button) {
    if (sound) sound.pause();
    document.querySelectorAll('.play[aria-pressed]').forEach(b => b.removeAttribute('aria-pressed'));
    sound = new Audio(src);
    if (button) {
      button.setAttribute('aria-pressed', 'true');
      sound.addEventListener('ended', () => button.removeAttribute('aria-pressed'));
      sound.addEventListener('error', () => button.removeAttribute('aria-pressed'));
    }
    sound.play().catch(() => {});
  }

  const clock = ms => Math.floor(Math.round(ms / 1000) / 60) + ':' + String(Math.round(ms / 1000) % 60).padStart(2, '0');

  // sentence gives the bounds of the sentence around from…to, at most a phone's
  // screen; the server cuts in the same way (words.go).
  function sentence(text, from, to) {
    const blank = c => /\s/.test(c);
    const ends = i => i <= 0 || i >= text.length || text[i - 1] === '\n' || '.!?'.includes(text[i - 1]) && blank(text[i]);
    let a = from, b = to;
    for (let n = 0; n < 160 && !ends(a); n++) a--;
    while (!ends(a) && !blank(text[a - 1])) a--;
    for (let n = 0; n < 160 && !ends(b); n++) b++;
    while (!ends(b) && !blank(text[b])) b++;
    return [a, b];
  }

  function far(text) {
    const s = document.createElement('span');
    s.className = 'far';
    s.textContent = text;
    return s;
  }

  function show(ev) {
    const box = $('[data-words="' + ev.dataset.m + '"]');
    if (!box) return false;
    const p = $('[data-text]', box), text = Array.from(p.textContent);
    const from = +ev.dataset.from, to = +ev.dataset.to, [a, b] = sentence(text, from, to);
    const cut = (x, y) => text.slice(x, y).join('');
    const mark = document.createElement('mark');
    mark.textContent = cut(from, to);
    p.replaceChildren(far(cut(0, a)), cut(a, from), mark, cut(to, b), far(cut(b)));
    document.querySelectorAll('.ev[aria-current]').forEach(e => e.removeAttribute('aria-current'));
    ev.setAttribute('aria-current', 'true');
    const button = $('.play', box);
    if (button && ev.dataset.bis) {
      const von = +ev.dataset.von, bis = +ev.dataset.bis;
      button.dataset.src = '/m/' + ev.dataset.m + '/clip?von=' + von + '&bis=' + bis;
      button.setAttribute('aria-label', 'Stelle abspielen, ' + clock(von) + ' bis ' + clock(bis));
      const pos = $('[data-pos]', box), here = $('.here', box);
      const length = +box.dataset.length;
      if (pos) pos.textContent = clock(von) + (length ? ' / ' + clock(length) : '');
      if (here && length) {
        here.setAttribute('x', Math.round(von * 1000 / length));
        here.setAttribute('width', Math.max(4, Math.round((bis - von) * 1000 / length)));
      }
      play(button.dataset.src, button);
    }
    if (box.getBoundingClientRect().bottom < 60 || box.getBoundingClientRect().top > innerHeight - 60) {
      $('#worte').scrollIntoView({block: 'start', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth'});
    }
    return true;
  }

  document.querySelectorAll('.play').forEach(b => { b.hidden = false; });
  document.addEventListener('click', e => {
    const button = e.target.closest('.play');
    if (button) {
      if (sound && !sound.paused && button.hasAttribute('aria-pressed')) {
        sound.pause();
        button.removeAttribute('aria-pressed');
      } else play(button.dataset.src, button);
      return;
    }
    const ev = e.target.closest('.ev[data-m]');
    if (ev && !e.ctrlKey && !e.metaKey && !e.shiftKey && show(ev)) e.preventDefault();
  });

  // A form is sent once: a second tap of an impatient thumb does nothing. Downloads
  // leave the page as it is, so their button wakes up again.
  document.addEventListener('submit', e => {
    const form = e.target;
    if (form.dataset.sent) { e.preventDefault(); return; }
    form.dataset.sent = '1';
    setTimeout(() => { delete form.dataset.sent; }, 3000);
  });

  // The countdown.
  document.querySelectorAll('time[data-end]').forEach(t => {
    const tick = () => {
      const left = +t.dataset.end * 1000 - Date.now(), min = Math.floor(left / 60000);
      if (left <= 0) t.textContent = 'jetzt';
      else if (min < 60) t.textContent = Math.max(1, min) + '\u00a0Min.';
      else if (min < 48 * 60) t.textContent = Math.floor(min / 60) + '\u00a0Std. ' + min % 60 + '\u00a0Min.';
    };
    setInterval(tick, 10000);
  });

  // News: the page asks for its stand while it can be seen, and loads again when
  // it has changed, never under somebody's typing.
  const body = document.body, url = body.dataset.live;
  if (!url) return;
  const typing = () => Array.from(document.querySelectorAll('form input:not([type=hidden]):not([type=checkbox])')).some(i => i === document.activeElement || i.value !== i.defaultValue);
  const busy = () => sound && !sound.paused && !sound.ended;
  let wait = +body.dataset.every * 1000;
  async function look() {
    if (document.visibilityState === 'visible') {
      try {
        const r = await fetch(url, {cache: 'no-store', credentials: 'same-origin'});
        if (r.ok && (await r.json()).stand !== body.dataset.stand && !typing() && !busy()) {
          location.reload();
          return;
        }
        if (r.status === 401 || r.status === 404) return;
        wait = +body.dataset.every * 1000;
      } catch {
        wait = Math.min(wait * 2, 60000);
      }
    }
    setTimeout(look, wait);
  }
  setTimeout(look, wait);
})();
