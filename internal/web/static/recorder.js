'use strict';
// The recorder of the try-out: WebM or Ogg with Opus by MediaRecorder where the
// browser has it, else WAV. The recording goes into the form's own file field, so
// that it is sent like a chosen file. Without this script a file can be chosen.
(() => {
  const form = document.getElementById('aufnahme');
  if (!form || !navigator.mediaDevices || !navigator.mediaDevices.getUserMedia || !window.DataTransfer) return;
  const $ = s => form.querySelector(s);
  const box = $('[data-recorder]'), start = $('[data-start]'), stop = $('[data-stop]'), drop = $('[data-drop]');
  const state = $('[data-state]'), clock = $('[data-clock]'), file = $('[data-file]'), longest = 60;
  box.hidden = false;

  const formats = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus'];
  const format = window.MediaRecorder && formats.find(f => MediaRecorder.isTypeSupported(f));

  function compressed(stream) {
    const rec = new MediaRecorder(stream, {mimeType: format, audioBitsPerSecond: 24000}), parts = [];
    rec.ondataavailable = e => parts.push(e.data);
    rec.start();
    return () => new Promise(done => {
      rec.onstop = () => done(new Blob(parts, {type: format.split(';')[0]}));
      rec.stop();
    });
  }

  // plain keeps the samples themselves; a script node needs no module of its own,
  // which the policy of this page would not load.
  function plain(stream) {
    const ctx = new AudioContext({sampleRate: 16000}), node = ctx.createScriptProcessor(4096, 1, 1), parts = [];
    node.onaudioprocess = e => parts.push(e.inputBuffer.getChannelData(0).slice());
    ctx.createMediaStreamSource(stream).connect(node);
    node.connect(ctx.destination);
    return async () => { await ctx.close(); return wav(parts, ctx.sampleRate); };
  }

  function wav(parts, rate) {
    const n = parts.reduce((sum, p) => sum + p.length, 0), v = new DataView(new ArrayBuffer(44 + 2 * n));
    const word = (at, s) => [...s].forEach((c, i) => v.setUint8(at + i, c.charCodeAt(0)));
    word(0, 'RIFF'); v.setUint32(4, 36 + 2 * n, true); word(8, 'WAVEfmt '); v.setUint32(16, 16, true);
    v.setUint16(20, 1, true); v.setUint16(22, 1, true); v.setUint32(24, rate, true); v.setUint32(28, 2 * rate, true);
    v.setUint16(32, 2, true); v.setUint16(34, 16, true); word(36, 'data'); v.setUint32(40, 2 * n, true);
    let at = 44;
    for (const p of parts) for (const s of p) { v.setInt16(at, Math.max(-1, Math.min(1, s)) * 32767, true); at += 2; }
    return new Blob([v], {type: 'audio/wav'});
  }

  let end = null; // gives the recording, set while one runs
  let timer, stream;

  function rest(text) {
    clearInterval(timer);
    if (stream) stream.getTracks().forEach(t => t.stop());
    end = null;
    start.hidden = false;
    stop.hidden = drop.hidden = true;
    file.hidden = false;
    state.textContent = text;
  }

  start.addEventListener('click', async () => {
    state.textContent = '';
    try {
      stream = await navigator.mediaDevices.getUserMedia({audio: {channelCount: 1}});
      end = format ? compressed(stream) : plain(stream);
    } catch {
      rest('Das Mikrofon ist nicht freigegeben. Bitte erlauben Sie es in den Einstellungen des Browsers, wählen Sie eine Datei oder tippen Sie.');
      return;
    }
    const from = performance.now();
    const tick = () => {
      const left = Math.ceil(longest - (performance.now() - from) / 1000);
      clock.textContent = 'noch ' + Math.max(0, left) + ' s';
      if (left <= 0) stop.click();
    };
    start.hidden = true;
    stop.hidden = drop.hidden = false;
    file.hidden = true;
    tick();
    timer = setInterval(tick, 250);
    stop.focus();
  });

  drop.addEventListener('click', async () => {
    if (end) await end();
    rest('Verworfen.');
    start.focus();
  });

  stop.addEventListener('click', async () => {
    if (!end) return;
    const take = end;
    end = null;
    const sound = await take();
    rest('Wird geschrieben. Das dauert etwa so lange, wie Sie gesprochen haben.');
    start.disabled = true;
    const carry = new DataTransfer();
    carry.items.add(new File([sound], 'aufnahme', {type: sound.type}));
    form.querySelector('input[type=file]').files = carry.files;
    form.requestSubmit();
  });

  // Back by the browser's button: the page is as fresh as before.
  window.addEventListener('pageshow', () => { start.disabled = false; });
})();
