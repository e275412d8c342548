// The address book and the Kundenlink, in two profiles: with and without JavaScript.
import {check, dashboard, eventually, phone, shoot} from './lib.mjs';
import {askMail, say} from './steps.mjs';

const owner = 'hauke@deichgruen.example', bubbles = page => page.locator('#verlauf .msg:not(.me)');

// customersStory: the owner switches the address book on, a dictation finds its entry, an
// ambiguous one asks, an entry goes with a receipt; then a customer speaks by a Kundenlink
// and takes their words back.
export async function customersStory(c) {
  const page = await enter(c), chat = await c.newPage();
  await bookOn(page);
  await addEntry(page, {anrede: 'Frau', name: 'Petra Ohlsen', strasse: 'Dorfstraße 8'});
  await say(chat, 'Rechnung für Frau Ohlsen. Gestern zwei Stunden Arbeit und die Anfahrt.');
  await answered(chat, 'Dorfstraße 8');
  check('the entry of the address book comes along', (await bubbles(chat).last().innerText()).includes('24582 Bordesholm'));
  await addEntry(page, {anrede: 'Herr', name: 'Jens Ohlsen', strasse: 'Ahornweg 2'});
  await say(chat, 'Rechnung für Ohlsen. Gestern drei Stunden Arbeit und die Anfahrt.');
  await answered(chat, 'Wer ist gemeint?');
  check('the chat offers both', await chat.locator('#verlauf .keys').last().locator('button').allInnerTexts().then(t => t.join() === 'Dorfstraße 8,Ahornweg 2,Andere Anschrift'));
  const at = await whichOne(page);
  await forgetEntry(page);
  await kundenlink(c, page, at);
}

// plainCustomers: the same main steps without JavaScript, after customersStory.
export async function plainCustomers(c) {
  const page = await enter(c), chat = await c.newPage();
  await addEntry(page, {anrede: 'Frau', name: 'Inge Ohlsen', strasse: 'Lindenweg 3'});
  await say(chat, 'Rechnung für Ohlsen. Gestern eine Stunde Arbeit und die Anfahrt.');
  await whichOne(page, true);
  await page.goto(dashboard + '/kunden');
  await page.click('text=Kundenlink machen');
  await page.waitForURL('**/kunden/link/*');
  await page.click('text=Link beenden');
  await page.waitForURL('**/kunden*');
  check('without JS the link can be ended', await page.locator('h1:has-text("Nachrichten von Kunden")').count() === 1);
}

// enter opens the list in the session that stands, or signs in where the scene runs alone.
async function enter(c) {
  const page = await c.newPage();
  await page.goto(dashboard + '/');
  if (new URL(page.url()).pathname === '/') return page;
  const {link} = await askMail(page, owner);
  await page.goto(link);
  await page.click('text=Jetzt anmelden');
  await page.waitForURL(dashboard + '/');
  return page;
}

// answered waits for the bubble that says so.
async function answered(chat, text) {
  await eventually(`the chat says „${text}“`, async () => (await bubbles(chat).last().innerText()).includes(text), 30, 200);
}

async function bookOn(page) {
  await page.goto(dashboard + '/adressbuch');
  await page.click('text=Adressbuch einschalten');
  await page.waitForSelector('text=Ersten Eintrag anlegen');
}

async function addEntry(page, typed) {
  await page.goto(dashboard + '/adressbuch/neu');
  await page.selectOption('[name=anrede]', typed.anrede);
  for (const [name, value] of Object.entries({...typed, plz: '24582', ort: 'Bordesholm'})) {
    if (name !== 'anrede') await page.fill(`[name=${name}]`, value);
  }
  await page.click('text=Speichern');
  await page.waitForURL(u => u.pathname === '/adressbuch');
  check('the entry is listed', await page.locator('a.row', {hasText: typed.name}).count() === 1);
}

// whichOne opens the newest case that asks who is meant, and picks one on the page.
async function whichOne(page, plain = false) {
  const row = page.locator('a.row', {has: page.locator('b', {hasText: /^Ohlsen$/})});
  await eventually('the ambiguous case is listed', async () => {
    await page.goto(dashboard + '/');
    return await row.count() > 0;
  }, 30, 300);
  await row.first().click();
  await page.waitForURL('**/v/*');
  const picks = page.locator('.question button[name=wahl]');
  check('the page offers the entries in full', (await picks.allInnerTexts()).some(t => t.includes('Herr Jens Ohlsen') && t.includes('Ahornweg 2') && t.includes('Bordesholm')));
  if (!plain) await shoot(page, '72-wer-ist-gemeint');
  await picks.filter({hasText: 'Ahornweg 2'}).click();
  await page.waitForURL(/neu=1/);
  check('the picked entry is taken over', await page.locator('h1:has-text("Rechnung für Herrn Jens Ohlsen")').count() === 1 && await page.locator('.question').count() === 0);
  return page.url().split('?')[0];
}

async function forgetEntry(page) {
  await page.goto(dashboard + '/adressbuch');
  await page.locator('a.row', {hasText: 'Petra Ohlsen'}).click();
  await page.click('text=Eintrag löschen');
  await page.click('button:has-text("löschen")');
  await page.waitForURL('**/q/**');
  check('the deleted entry has a receipt', await page.locator('.stamp').isVisible());
}

// kundenlink: the owner allows it, makes a link for a case, a customer opens it on their
// own phone, reads what will happen, agrees, writes, and takes it back.
async function kundenlink(c, page, at) {
  await page.goto(dashboard + '/kunden');
  await page.check('[name=kundenlink]');
  await page.click('text=Speichern');
  await page.waitForSelector('text=Kundenlink machen');
  await page.goto(at);
  await page.click('summary:has-text("Etwas stimmt nicht?")');
  await page.click('text=Kundenlink machen');
  await page.waitForURL('**/kunden/link/*');
  const link = page.url();
  await shoot(page, '76-kundenlink');
  const theirs = await c.newPage();
  await theirs.goto(await page.locator('a:has-text("Auf dem Telefon der Kundin öffnen")').getAttribute('href'));
  check('the link opens the chat with its text', (await theirs.locator('#text').inputValue()).includes('Code: '));
  await theirs.click('#senden');
  await answered(theirs, 'Vor Ihrer Antwort nehme ich nichts an.');
  await shoot(theirs, '77-kunde-hinweis');
  await theirs.click('button:has-text("Einverstanden")');
  await answered(theirs, 'Danke. Sprechen oder schreiben Sie jetzt');
  await page.goto(link);
  check('the firm sees that the customer agreed', await page.locator('h1:has-text("Einverstanden")').count() === 1);
  await theirs.fill('#text', 'Der Hahn im Bad tropft auch noch, geht das gleich mit? Bitte vorher anrufen.');
  await theirs.click('#senden');
  await eventually('the start says that the customer has written', async () => {
    await page.goto(dashboard + '/');
    return await page.locator('a.row', {hasText: 'Kunde hat geschrieben'}).count() === 1;
  }, 30, 300);
  await page.goto(at);
  check('their words stand beside the draft, whose sums they leave alone', await page.locator('[data-words], .words').filter({hasText: 'Hahn im Bad'}).count() > 0);
  await shoot(page, '79-kunde-beim-entwurf');
  await theirs.fill('#text', 'Nicht auswerten');
  await theirs.click('#senden');
  await answered(theirs, 'gelöscht');
  await page.goto(at);
  check('what the customer took back is gone', await page.locator('text=Hahn im Bad').count() === 0);
}
