import {check, dashboard, eventually, shoot} from './lib.mjs';
import {answerAll, askMail, download, say} from './steps.mjs';

// plainStory is the main way without JavaScript, signed in by the mailed link.
export async function plainStory(c) {
  const page = await c.newPage();
  const {link} = await askMail(page, 'hauke@deichgruen.example');
  await page.goto(link);
  await page.click('text=Jetzt anmelden');
  await page.waitForURL(dashboard + '/');
  await shoot(page, '30-ohne-js-start', {script: false});
  await say(page, 'Rechnung für Frau Boll, Siphon erneuert, eine Stunde Arbeit und Anfahrt.');
  const row = page.locator('a.row', {hasText: 'Frau Boll'});
  await eventually('the typed dictation is a draft', async () => {
    await page.goto(dashboard + '/');
    return await row.count() > 0;
  }, 60, 1000);
  await row.click();
  const at = page.url().split('?')[0];
  const tap = page.locator('a.ev[href*="?w="]').first();
  if (await tap.count() > 0) {
    await tap.click();
    check('without JS a tap shows the words', await page.locator('#worte mark').count() === 1);
  }
  await page.goto(at);
  check('without JS there is something to answer', await answerAll(page) > 0);
  await page.click('form.act button:has-text("Ausstellen")');
  await page.waitForSelector('#blatt');
  await shoot(page, '31-ohne-js-rechnung', {script: false});
  await download(page);
  await page.goto(at);
  check('without JS the countdown is shown after loading again', await page.locator('time[data-end]').count() === 1);
  await page.click('text=Ich habe die Datei gespeichert');
  await page.click('text=Ja, gespeichert. Jetzt löschen');
  await page.waitForURL('**/q/**');
  const receipt = page.url().split('?')[0];
  await eventually('without JS the receipt is verified', async () => {
    await page.goto(receipt);
    return await page.locator('.stamp:has-text("Gelöscht und geprüft")').count() > 0;
  }, 180, 2000);
  await shoot(page, '32-ohne-js-quittung', {script: false});
  await page.locator('button:has-text("Abmelden"):visible').click();
  await page.waitForURL('**/anmelden');
  await page.goto(receipt);
  check('after signing out the receipt is closed', page.url().includes('/anmelden'), page.url());
}
