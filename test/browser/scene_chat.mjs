import {check, eventually, phone, shoot} from './lib.mjs';
import {say} from './steps.mjs';

const bubbles = page => page.locator('#verlauf .msg:not(.me)');
const pressable = page => page.locator('#verlauf .keys button');

// chatStory: the phone page plays a shipped note, sends it, and finishes a typed
// dictation in the chat (J-10).
export async function chatStory(c) {
  const page = await c.newPage();
  await page.goto(phone + '/');
  await shoot(page, '20-telefon');
  const before = await bubbles(page).count();
  await page.locator('form[action^="/notiz"] button[name=datei]').nth(4).click();
  await eventually('the note is in the chat', async () => await page.locator('#verlauf .msg.me').count() > 0, 20);
  await eventually('the note is answered', async () => await bubbles(page).count() > before, 120);
  await shoot(page, '21-telefon-antwort');

  await record(c, page);
  const answers = await bubbles(page).count();
  await say(page, 'Rechnung für Frau Kühn, Lindenweg 12, 25524 Itzehoe. Gestern eine Stunde gearbeitet und die Anfahrt.');
  // Not any bubble: something else may still be told meanwhile.
  await eventually('the typed dictation is answered', async () => await bubbles(page).count() > answers && (await bubbles(page).last().innerText()).includes('Kühn') && await pressable(page).count() > 0, 90);
  await shoot(page, '22-telefon-entwurf');
  for (const title of ['Passt so', 'Ausstellen']) {
    const n = await bubbles(page).count();
    await pressable(page).filter({hasText: title}).last().click();
    await eventually(`„${title}“ is answered`, async () => await bubbles(page).count() > n, 60);
  }
  await eventually('the document comes into the chat', async () => await page.locator('#verlauf a.doc').count() > 0, 60);
  check('the chat asks whether it is stored', await pressable(page).filter({hasText: 'Gespeichert'}).count() > 0);
  await shoot(page, '23-telefon-rechnung');
  const n = await bubbles(page).count();
  await pressable(page).filter({hasText: 'Gespeichert'}).last().click();
  await eventually('the erasure is told', async () => await bubbles(page).count() > n, 60);
  await shoot(page, '24-telefon-geloescht');
}

// record speaks into the phone: Chromium's own test tone, which is no speech. It
// must arrive as a note and get an outcome like every other message.
async function record(c, page) {
  await c.grantPermissions(['microphone'], {origin: phone});
  const mine = await page.locator('#verlauf .msg.me').count(), answers = await bubbles(page).count();
  await page.click('#sprechen');
  await page.waitForTimeout(2500);
  check('the recording shows its time', /0:0[1-9]/.test(await page.locator('#dauer').innerText()));
  await page.click('#fertig');
  await eventually('the own recording is in the chat', async () => await page.locator('#verlauf .msg.me').count() > mine, 20);
  await eventually('the own recording gets an outcome', async () => await bubbles(page).count() > answers, 90);
}
