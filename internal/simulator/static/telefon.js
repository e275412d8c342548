// The phone: live chat, sounds in place, recorder. Everything also works without it, except recording.
"use strict";
const $ = (id) => document.getElementById(id);
const script = document.currentScript;
const chat = $("verlauf"), state = $("stand"), hint = $("hinweis");
const phone = chat.dataset.phone;
const policy = window.trustedTypes ? trustedTypes.createPolicy("telefon", { createHTML: (s) => s }) : { createHTML: (s) => s };

function parse(html) {
  const t = document.createElement("template");
  t.innerHTML = policy.createHTML(html);
  return t.content;
}

// Only what changed is touched: focus, playing notes and the reader's place stay.
function update(html) {
  const fresh = [...parse(html).children];
  const keep = new Set(fresh.map((li) => li.id));
  for (const li of [...chat.children]) if (!keep.has(li.id)) li.remove();
  fresh.forEach((li, i) => {
    const old = chat.children[i];
    if (old && old.id === li.id) {
      if (old.dataset.html === li.outerHTML) return;
      const source = li.outerHTML;
      const parts = [[...old.children], [...li.children]];
      if (parts[0].length === parts[1].length) { // other ticks, a drawn wave: the rest stays, and is not read aloud again
        parts[0].forEach((was, k) => { if (was.outerHTML !== parts[1][k].outerHTML) was.replaceWith(parts[1][k]); });
        old.dataset.html = source;
      } else {
        old.replaceWith(li);
        li.dataset.html = source;
      }
    } else {
      const source = li.outerHTML;
      chat.insertBefore(li, old || null);
      li.dataset.html = source;
    }
  });
  mark();
}
for (const li of chat.children) li.dataset.html = li.outerHTML;

async function listen() {
  let version = chat.dataset.version;
  for (let pause = 0; ;) {
    try {
      const r = await fetch("/verlauf?t=" + phone + "&since=" + version);
      if (!r.ok) throw new Error(r.status);
      const v = await r.json();
      version = v.version;
      update(v.chat);
      state.replaceChildren(parse(v.state));
      $("mails").textContent = v.mails || "";
      pause = 0;
      hint.textContent = "";
    } catch {
      hint.textContent = "Die Simulation antwortet nicht. Läuft sie noch? Es wird weiter versucht.";
      pause = Math.min(pause * 2 + 500, 8000);
      await new Promise((done) => setTimeout(done, pause));
    }
  }
}
listen();

// Forms of the chat and of the notes stay on the page.
document.addEventListener("submit", async (e) => {
  const f = e.target;
  if (!f.matches("#schreiben, .keys, form[action^='/notiz']")) return;
  e.preventDefault();
  const data = new URLSearchParams(new FormData(f, e.submitter));
  if (f.id === "schreiben" && !data.get("text").trim()) return;
  if (f.id === "schreiben") { $("text").value = $("text").defaultValue = ""; choose(); }
  const r = await fetch(f.action, { method: "POST", body: data });
  if (new URL(r.url).searchParams.has("problem")) location.assign(r.url);
  const log = document.querySelector(".scroll");
  log.scrollTop = 0;
  if (f.matches(".keys")) log.focus();
});

// Sounds: one at a time, in place.
const sound = new Audio();
let current = null;
function mark() {
  for (const a of document.querySelectorAll("[data-sound]")) {
    const on = current === a.getAttribute("href") && !sound.paused;
    a.querySelector("use").setAttribute("href", on ? "#pause" : "#play");
    const bars = a.parentElement.querySelectorAll(".wave path");
    const part = current === a.getAttribute("href") && sound.duration ? sound.currentTime / sound.duration : 0;
    bars.forEach((b, i) => b.classList.toggle("now", (i + 0.5) / bars.length < part));
  }
}
document.addEventListener("click", (e) => {
  const a = e.target.closest("[data-sound]");
  if (!a) return;
  e.preventDefault();
  const href = a.getAttribute("href");
  if (current !== href) { current = href; sound.src = href; }
  if (sound.paused) sound.play().catch(() => { hint.textContent = "Dieser Browser spielt die Aufnahme nicht ab."; }); else sound.pause();
});
for (const on of ["play", "pause", "timeupdate"]) sound.addEventListener(on, mark);
sound.addEventListener("ended", () => { current = null; mark(); });

// Recorder: WebM/Opus by MediaRecorder where there is one, else WAV by an AudioWorklet.
const text = $("text"), send = $("senden"), speak = $("sprechen");
const able = navigator.mediaDevices && navigator.mediaDevices.getUserMedia;
function choose() {
  const empty = !text.value.trim();
  speak.hidden = !able || !empty;
  send.hidden = able && empty;
}
text.addEventListener("input", choose);
choose();

let take = null;
speak.addEventListener("click", async () => {
  hint.textContent = "";
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
  } catch {
    hint.textContent = "Das Mikrofon ist nicht freigegeben. Bitte erlauben Sie es diesem Browser, oder senden Sie eine mitgelieferte Nachricht.";
    return;
  }
  const webm = window.MediaRecorder && MediaRecorder.isTypeSupported("audio/webm;codecs=opus");
  try {
    take = webm ? compressed(stream) : await plain(stream);
  } catch {
    stream.getTracks().forEach((t) => t.stop());
    hint.textContent = "Die Aufnahme ließ sich nicht beginnen. Bitte versuchen Sie es noch einmal.";
    return;
  }
  const start = performance.now();
  const tick = setInterval(() => {
    const s = Math.floor((performance.now() - start) / 1000);
    $("dauer").textContent = Math.floor(s / 60) + ":" + String(s % 60).padStart(2, "0");
  }, 250);
  take.over = () => { clearInterval(tick); stream.getTracks().forEach((t) => t.stop()); $("schreiben").hidden = false; $("aufnahme").hidden = true; speak.focus(); };
  $("dauer").textContent = "0:00";
  $("schreiben").hidden = true;
  $("aufnahme").hidden = false;
  $("fertig").focus();
});
$("verwerfen").addEventListener("click", async () => { const t = take; take = null; await t.stop(); t.over(); });
$("fertig").addEventListener("click", async () => {
  const t = take;
  take = null;
  const blob = await t.stop();
  t.over();
  const r = await fetch("/aufnahme?t=" + phone, { method: "POST", body: blob, headers: { "Content-Type": blob.type } });
  if (!r.ok) hint.textContent = await r.text();
});

function compressed(stream) {
  const rec = new MediaRecorder(stream, { mimeType: "audio/webm;codecs=opus", audioBitsPerSecond: 24000 });
  const parts = [];
  rec.ondataavailable = (e) => parts.push(e.data);
  rec.start();
  return { stop: () => new Promise((done) => { rec.onstop = () => done(new Blob(parts, { type: "audio/webm" })); rec.stop(); }) };
}

async function plain(stream) {
  const ctx = new AudioContext({ sampleRate: 16000 });
  await ctx.audioWorklet.addModule(script.dataset.worklet);
  const node = new AudioWorkletNode(ctx, "aufnahme", { numberOfOutputs: 0, channelCount: 1 });
  const parts = [];
  node.port.onmessage = (e) => parts.push(e.data);
  ctx.createMediaStreamSource(stream).connect(node);
  return { stop: async () => { await ctx.close(); return wav(parts, ctx.sampleRate); } };
}

function wav(parts, rate) {
  const n = parts.reduce((sum, p) => sum + p.length, 0);
  const v = new DataView(new ArrayBuffer(44 + 2 * n));
  const word = (at, s) => [...s].forEach((c, i) => v.setUint8(at + i, c.charCodeAt(0)));
  word(0, "RIFF"); v.setUint32(4, 36 + 2 * n, true); word(8, "WAVEfmt "); v.setUint32(16, 16, true);
  v.setUint16(20, 1, true); v.setUint16(22, 1, true); v.setUint32(24, rate, true); v.setUint32(28, 2 * rate, true);
  v.setUint16(32, 2, true); v.setUint16(34, 16, true); word(36, "data"); v.setUint32(40, 2 * n, true);
  let at = 44;
  for (const p of parts) for (const s of p) { v.setInt16(at, Math.max(-1, Math.min(1, s)) * 32767, true); at += 2; }
  return new Blob([v], { type: "audio/wav" });
}
