import {check, dashboard, eventually, out, picture, shoot} from './lib.mjs';
import {say} from './steps.mjs';

// editStory goes on in the signed-in profile of dashboardStory: news by itself,
// a wrong answer, two people at one draft, a changed value, discarding.
export async function editStory(c) {
  const page = await c.newPage(), chat = await c.newPage();
  await page.goto(dashboard + '/');
  await say(chat, 'Rechnung für Frau Claasen, Deichstraße 34 in 25541 Brunsbüttel. Gestern eine Designarmatur eingebaut, den Preis reiche ich nach. Zwei Stunden Arbeit und die Anfahrt.');
  await page.bringToFront();
  const row = page.locator('a.row', {hasText: 'Claasen'});
  await eventually('the start shows news by itself', async () => await row.count() > 0 && await row.locator('.turn, .yours').count() > 0, 60);
  await byKeyboard(page, row);
  const at = page.url();
  await shoot(page, '17-entwurf-fragen');
  await wrongPrice(page);
  await twoAtOne(c, at);
  await page.goto(at);
  await page.click('summary');
  await page.selectOption('select[name=f]', 'buyer.address');
  await page.click('details button:has-text("Ändern")');
  await page.waitForURL(/f=buyer\.address/);
  check('the address is there to be changed', await page.locator('#aendern input[name=ort]').inputValue() === 'Brunsbüttel');
  await shoot(page, '18-entwurf-aendern');
  await page.fill('#aendern input[name=strasse]', 'Deichstraße 35');
  await page.press('#aendern input[name=strasse]', 'Enter');
  await page.waitForURL(/neu=1/);
  check('the change is taken over', await page.locator('text=Deichstraße 35').count() > 0);
  await page.click('summary');
  await page.click('text=Verwerfen');
  await page.waitForURL('**/verwerfen');
  await shoot(page, '19-verwerfen');
  await page.click('text=Ja, jetzt löschen');
  await page.waitForURL('**/q/**');
  check('a discarded case has a receipt', await page.locator('text=Verworfen durch Inhaber').count() === 1);
}

// wrongPrice: an answer that cannot be read is said in place, and kept.
async function wrongPrice(page) {
  const price = page.locator('.question:has(input[name=path][value$=".price"]) input[name=wert]').first();
  if (!check('the missing price is asked', await price.count() === 1)) return;
  await price.fill('keine Ahnung');
  await price.press('Enter');
  const field = page.locator('input[aria-invalid=true]').first();
  await field.waitFor();
  check('a wrong answer is said at its field and kept', await field.inputValue() === 'keine Ahnung');
  await shoot(page, '17b-entwurf-fehler');
  await field.fill('189');
  await field.press('Enter');
  await page.waitForURL(/neu=1/);
  check('the price is taken over', await page.locator('.items >> text=189,00').count() > 0);
}

// twoAtOne: an old tab answers after the draft has moved on.
async function twoAtOne(c, at) {
  const old = await c.newPage(), fresh = await c.newPage();
  await old.goto(at + '?f=supply');
  await fresh.goto(at + '?f=supply');
  await fresh.locator('#aendern button[name=wahl]').nth(0).click();
  await fresh.waitForURL(/neu=1/);
  await old.locator('#aendern button[name=wahl]').nth(1).click();
  await old.waitForSelector('text=Inzwischen hat sich etwas geändert');
  check('both versions are shown', await old.locator('.diff tbody tr').count() > 0);
  await shoot(old, '17c-konflikt');
  await old.click('text=Trotzdem übernehmen');
  await old.waitForURL(/neu=1/);
  await old.close();
  await fresh.close();
}

// byKeyboard opens a case without a mouse; every stop on the way can be seen.
async function byKeyboard(page, row) {
  const href = await row.getAttribute('href');
  await page.reload();
  for (let stops = 0; stops < 40; stops++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => ({href: document.activeElement.getAttribute('href'), outline: getComputedStyle(document.activeElement).outlineStyle}));
    check('the focus can be seen', at.outline !== 'none', at.href ?? '');
    if (at.href === href) break;
  }
  await page.keyboard.press('Enter');
  await page.waitForURL('**' + href);
  await page.emulateMedia({forcedColors: 'active'});
  await picture(page, `${out}/17-entwurf-kontrast.png`);
  await page.emulateMedia({forcedColors: null});
}
