// A stranger's firm on its first day, at 390 px, with and without JavaScript: form →
// mail → signed in → contract → number linked through the phone page → first voice note
// → draft (J-02). Every tap is counted; reading, typing and waiting are put together
// with the speed of a person, so that a longer text or one more page makes it red.
import {writeFileSync} from 'node:fs';
import {check, context, dashboard, eventually, found, launch, mails, out, phone, picture as capture, shoot} from './lib.mjs';

const maxTaps = 12, maxSeconds = 180;
const wordsPerSecond = 4, charactersPerSecond = 4; // reading a form, typing on a phone

// person does what a person does on a page, and counts it.
function person(page) {
  const seen = new Set();
  const p = {
    taps: 0, words: 0, typed: 0, waited: 0,
    async read() { // what was read once is not read again
      for (const line of (await page.locator('main').innerText()).split('\n').map(s => s.trim())) {
        if (line && !seen.has(line)) p.words += line.split(/\s+/).length;
        seen.add(line);
      }
    },
    async tap(target) { p.taps++; await (typeof target === 'string' ? page.locator(target) : target).first().click(); },
    async type(selector, text) { p.typed += text.length; await page.fill(selector, text); },
    async choose(selector, label) { p.taps++; await page.selectOption(selector, {label}); },
    async wait(what, ask) { const t = Date.now(); const got = await eventually(what, ask, 90, 250); p.waited += Date.now() - t; return got; },
    seconds: () => p.words / wordsPerSecond + p.typed / charactersPerSecond + p.taps + p.waited / 1000,
  };
  return p;
}

async function firstDay(c, name, script) {
  const page = await c.newPage();
  const me = person(page);
  const picture = n => script ? shoot(page, `70-${n}`) : capture(page, `${out}/70-${n}-ohne-skript.png`);
  const reload = async () => { if (!script) await page.reload(); };
  const address = `${name}@kronenberg.example`, number = script ? '+49 171 5550143' : '+49 171 5550144';

  await page.goto(dashboard + '/registrieren');
  await me.read();
  await picture('1-formular');
  for (const [field, text] of [['betrieb', 'Kronenberg Dachtechnik'], ['strasse', 'Störweg 9'], ['plz', '25524'], ['ort', 'Itzehoe'], ['vorname', 'Ayşe'], ['nachname', 'Kronenberg'], ['email', address], ['telefon', number]]) {
    await me.type('#' + field, text);
  }
  await me.choose('#rechtsform', 'Einzelunternehmen');
  await me.choose('#gewerk', await page.locator('#gewerk option').nth(1).innerText());
  await me.tap('#unternehmer');
  await me.tap('button:has-text("Weiter")');
  await me.read();
  await picture('2-postfach');

  const inbox = await c.newPage();
  await me.wait('the mail comes', async () => { await inbox.goto(mails); return await inbox.locator(`article:has-text("${address}")`).count() > 0; });
  const link = await inbox.locator(`article:has-text("${address}") a.button`).first().getAttribute('href');
  await inbox.close();
  me.taps++; // the link in the mail
  await page.goto(link);
  await me.read();
  await picture('3-link');
  await me.tap('main button');
  await page.waitForURL('**/vertrag');
  await me.read();
  await picture('4-vertrag');
  await me.tap('form[action="/vertrag"] button');
  await me.read();
  check(`${name}: the number is known from the form`, page.url().endsWith('/nummern/verbinden'), page.url());
  await picture('5-verbinden');
  const whatsapp = await page.locator('a.primary').first().getAttribute('href');
  const chat = await c.newPage();
  me.taps++; // the button that opens WhatsApp
  await chat.goto(whatsapp);
  check(`${name}: WhatsApp opens with the text`, /Kronenberg Dachtechnik/.test(await chat.inputValue('#text')));
  me.taps++; // send
  await chat.click('#senden');
  const yes = () => chat.locator('#verlauf button:not([disabled]):has-text("Ja")');
  await me.wait('the chat asks', async () => { if (!script) await chat.reload(); return await yes().count() > 0; });
  me.taps++; // yes
  await yes().last().click();
  await me.wait('linked', async () => { if (!script) await chat.reload(); return /Verbunden mit/.test(await chat.locator('#verlauf').innerText()); });
  const welcome = await chat.locator('#verlauf').innerText();
  for (const word of ['Programm', 'Hilfe', 'Status', 'Löschen', 'Mensch', 'Stopp']) check(`${name}: the first message says ${word}`, welcome.includes(word));
  await me.wait('the page knows', async () => { await reload(); return /Verbunden/.test(await page.locator('h1').innerText()); });
  await me.read();
  await picture('6-verbunden');

  me.taps += 2; // microphone, send
  const lines = chat.locator('#verlauf > li'), before = await lines.count();
  await chat.locator('form[action^="/notiz"] button').first().click();
  const t = Date.now();
  await me.wait('the draft comes', async () => {
    if (!script) await chat.reload();
    return await lines.count() >= before + 2 && /€/.test(await lines.last().innerText());
  });
  console.log(`  ${name}: note to draft ${((Date.now() - t) / 1000).toFixed(1)} s`);
  await page.goto(dashboard + '/');
  check(`${name}: the draft is on the page`, await page.locator('a.row').count() === 1);
  await picture('7-start');
  check(`${name}: at most ${maxTaps} taps`, me.taps <= maxTaps, `${me.taps}`);
  check(`${name}: at most ${maxSeconds} s`, me.seconds() <= maxSeconds, `${me.seconds().toFixed(0)} s`);
  return `${name}: ${me.taps} taps, ${me.seconds().toFixed(0)} s (${me.words} words read, ${me.typed} characters typed, ${(me.waited / 1000).toFixed(1)} s waited)`;
}

const browser = await launch();
const lines = [];
for (const [name, script] of [['mit-skript', true], ['ohne-skript', false]]) {
  const c = await context(browser, name, script ? {} : {javaScriptEnabled: false});
  try {
    lines.push(await firstDay(c, name, script));
  } catch (e) {
    check(name, false, e.message.split('\n')[0]);
    for (const p of c.pages()) await p.screenshot({path: `${out}/failed-stranger-${name}-${c.pages().indexOf(p)}.png`, fullPage: true}).catch(() => {});
  }
  await c.close();
}
await browser.close();
writeFileSync(`${out}/stranger.txt`, lines.join('\n') + '\n');
for (const l of lines) console.log(l);
console.log(`${found.failed.length ? 'FAIL' : 'ok'} ${lines.length} of 2 first days, ${found.passed} checks, ${found.failed.length} failed`);
process.exitCode = found.failed.length ? 1 : 0;
