import {check, dashboard, eventually, mails, shoot} from './lib.mjs';
import {editStory} from './scene_edit.mjs';
import {answerAll, askMail, download} from './steps.mjs';

// dashboardStory: from the sign-in page to the signed receipt.
export async function dashboardStory(c) {
  const page = await c.newPage();
  await page.goto(dashboard + '/');
  check('without a session the start leads to the sign-in', page.url() === dashboard + '/anmelden', page.url());
  await shoot(page, '01-anmelden');
  const {code} = await askMail(page, 'hauke@deichgruen.example');
  await shoot(page, '02-code');
  const inbox = await c.newPage();
  await inbox.goto(mails);
  await shoot(inbox, '03-postfach');
  await inbox.close();
  await page.fill('#code', '0000-0000');
  await page.click('button:has-text("Anmelden")');
  check('a wrong code is said', await page.locator('#code-fehler').isVisible());
  await shoot(page, '04-code-falsch');
  await page.fill('#code', code);
  await page.click('button:has-text("Anmelden")');
  await page.waitForURL(dashboard + '/');

  // The demo sends one shipped note at its start: wait for what became of it.
  await eventually('the dashboard shows the note of the demo', async () => await page.locator('a.row').count() > 0, 30);
  await shoot(page, '05-start');
  await eventually('the note is written by itself', async () => await page.locator('a.row .turn, a.row .yours').count() > 0, 120);
  await shoot(page, '06-start-bereit');
  await draftFrom(page);
  await issueAndErase(page);
  await page.close();
  await editStory(c);
}

// draftFrom opens the draft of the first note, looks at its evidence and answers.
async function draftFrom(page) {
  await page.locator('a.row').first().click();
  await page.waitForURL('**/v/*');
  await eventually('the case is a draft', async () => await page.locator('.items').count() > 0, 60);
  await shoot(page, '07-entwurf');
  const tap = page.locator('a.ev[data-von]');
  check('values are tied to seconds of the recording', await tap.count() > 0);
  if (await tap.count() > 0) {
    const [clip] = await Promise.all([page.waitForResponse(r => r.url().includes('/clip?')), tap.first().click()]);
    check('a tap plays the passage', clip.status() < 300 && clip.headers()['content-type'] === 'audio/wav', `${clip.status()} ${clip.headers()['content-type']}`);
    check('the passage is sound', (await clip.body().catch(() => Buffer.alloc(0))).length > 1000 || clip.status() === 206);
    check('a tap marks the words', (await page.locator('#worte mark').innerText()).length > 0);
    check('the tapped value is marked', await page.locator('.ev[aria-current=true]').count() === 1);
    check('a tap loads no page', !page.url().includes('?w='), page.url());
    await shoot(page, '08-entwurf-stelle');
  }
  const waits = page.locator('a.waits');
  if (await waits.count() > 0) {
    await waits.click();
    check('the waiting button leads to the first question', page.url().endsWith('#frage-1'), page.url());
  }
  await answerAll(page);
  await shoot(page, '09-entwurf-bereit');
}

async function issueAndErase(page) {
  await page.click('form.act button:has-text("Ausstellen")');
  await page.waitForURL(u => !u.search && u.pathname.startsWith('/v/'));
  await eventually('the document is there', async () => await page.locator('#blatt').count() > 0, 20);
  await shoot(page, '10-rechnung');
  const file = await download(page);
  check('the file has its number as name', /^RE-\d{4}-\d{4}\.pdf$/.test(file.name), file.name);
  await eventually('the page learns of the download', async () => await page.locator('time[data-end]').count() > 0, 20);
  check('the countdown is shown', /\d+\s(Std|Min)\./.test(await page.locator('time[data-end]').innerText()));
  await shoot(page, '11-rechnung-geladen');
  await page.click('text=Noch nicht gespeichert');
  await page.waitForSelector('text=Die Uhr steht');
  await shoot(page, '12-angehalten');
  await page.click('text=Ich habe die Datei gespeichert');
  await page.waitForURL('**/gespeichert');
  await shoot(page, '13-bestaetigen');
  await page.click('text=Ja, gespeichert. Jetzt löschen');
  await page.waitForURL('**/q/**');
  check('the receipt is there at once', await page.locator('.stamp').isVisible());
  await shoot(page, '14-quittung');
  await eventually('the erasure is verified', async () => await page.locator('.stamp:has-text("Gelöscht und geprüft")').count() > 0, 180, 1000);
  await shoot(page, '15-quittung-geprueft');
  const [json] = await Promise.all([page.waitForEvent('download'), page.click('text=Quittung herunterladen')]);
  check('the receipt can be kept', json.suggestedFilename().endsWith('.json'));
  await page.goto(dashboard + '/quittungen');
  check('the list shows it', await page.locator('a.row').count() > 0);
  await shoot(page, '16-quittungen');
}
