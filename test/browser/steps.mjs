// Steps that several scenes take.
import {readFileSync} from 'node:fs';
import {check, dashboard, eventually, mails, out, phone, sha256} from './lib.mjs';

// askMail types the address, or begins otherwise, and gives the newest mail's code and link.
export async function askMail(page, address, begin = () => typeAddress(page, address)) {
  const before = await newest(page, address);
  await begin();
  await page.waitForURL('**/anmelden/code*');
  const mail = await eventually('the mail arrives', async () => {
    const m = await newest(page, address);
    return m && m.text !== before?.text ? m : null;
  }, 30);
  return {code: mail.text.match(/^([0-9A-Z]{4}-[0-9A-Z]{4})/)[1], link: mail.text.match(/https?:\S+\/anmelden\/link\?t=\S+/)[0], subject: mail.subject};
}

async function typeAddress(page, address) {
  await page.goto(dashboard + '/anmelden');
  await page.fill('#email', address);
  await page.click('text=Code schicken');
}

// newest reads the inbox page as a person would, in a request of its own.
async function newest(page, address) {
  const html = await (await page.request.get(mails)).text();
  for (const a of html.match(/<article[\s\S]*?<\/article>/g) ?? []) {
    if (!a.includes(address)) continue;
    const text = a.match(/<pre class="mail">([\s\S]*?)<\/pre>/)[1].replaceAll('&#43;', '+').replaceAll('&amp;', '&').replaceAll('&#34;', '"');
    return {text, subject: a.match(/<h2>([\s\S]*?)<\/h2>/)[1]};
  }
  return null;
}

export async function signIn(page, address) {
  const {code, subject} = await askMail(page, address);
  check('the code stands in the subject', subject.startsWith(code), subject);
  await page.fill('#code', code.toLowerCase());
  await page.click('button:has-text("Anmelden")');
  await page.waitForURL(dashboard + '/');
}

// say types a dictation into the phone page of the first firm.
export async function say(page, text) {
  await page.goto(phone + '/');
  await page.fill('#text', text);
  await page.click('#senden');
}

// answers for every kind of question; what a question does not offer is skipped.
export async function answerAll(page) {
  let asked = 0;
  for (; asked < 15; asked++) {
    const q = page.locator('.question').first();
    if (await q.count() === 0) break;
    const path = await q.locator('input[name=path]').first().inputValue();
    const has = async s => await q.locator(s).count() > 0;
    if (await has('input[name=strasse]')) {
      await q.locator('input[name=strasse]').fill('Lindenweg 12');
      await q.locator('input[name=plz]').fill('25524');
      await q.locator('input[name=ort]').fill('Itzehoe');
      await q.locator('button:has-text("Übernehmen")').click();
    } else if (await has('button[name=wahl]')) {
      await q.locator('button[name=wahl]').nth(path === 'supply' ? 1 : 0).click();
    } else {
      await q.locator('input[name=wert]').fill(path.endsWith('price') ? '189,00' : path.endsWith('name') ? 'Frau Petersen' : '2');
      await q.locator('button:has-text("Übernehmen")').click();
    }
    await page.waitForURL(/\?neu=1/);
    await page.waitForLoadState();
  }
  check('all questions are answered', await page.locator('.question').count() === 0);
  return asked;
}

// download presses the yellow button and gives the file as saved on disk.
export async function download(page) {
  const [d] = await Promise.all([page.waitForEvent('download'), page.click('button:has-text("Herunterladen"), button:has-text("Noch einmal herunterladen")')]);
  const path = `${out}/${d.suggestedFilename()}`;
  await d.saveAs(path);
  const saved = readFileSync(path);
  const again = await page.request.get(d.url());
  check('the file is a PDF', saved.subarray(0, 5).toString() === '%PDF-', d.suggestedFilename());
  check('the saved file is the issued one', sha256(saved) === sha256(await again.body()));
  check('the file is an attachment', /^attachment; /.test(again.headers()['content-disposition'] ?? ''));
  check('the file is sandboxed', /sandbox/.test(again.headers()['content-security-policy'] ?? ''));
  return {name: d.suggestedFilename(), hash: sha256(saved), bytes: saved.length};
}
