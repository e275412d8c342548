import {check, dashboard, eventually} from './lib.mjs';
import {askMail, say} from './steps.mjs';

// keyboard: the main flow with Tab, Enter and typing alone, no pointer: sign in, open a
// draft, answer, issue, download, confirm. At every stop the focus can be seen, and
// nothing lies over what has it (WCAG 2.4.7, 2.4.11).
export async function keyboard(c) {
  const page = await c.newPage();
  const {code} = await askMail(page, 'hauke@deichgruen.example');
  check('the code field has the focus at once', await page.evaluate(() => document.activeElement.id === 'code'));
  await page.keyboard.type(code);
  await page.keyboard.press('Enter');
  await page.waitForURL(dashboard + '/');

  const mouth = await c.newPage(); // the phone is not the product
  await say(mouth, 'Rechnung für Frau Tastenberg, Lindenweg zwölf, fünfundzwanzig fünf zwo vier Itzehoe. Siphon eingebaut, anderthalb Stunden, Anfahrt.');
  await eventually('the dictation becomes a draft', async () => { await page.reload(); return await page.locator('a.row:has-text("Tastenberg")').count() > 0; }, 60);
  await mouth.close();

  await press(page, 'a.row', /Tastenberg/);
  await page.waitForURL('**/v/*');
  await press(page, '.question button', /Gestern/);
  await page.waitForURL(/\?neu=1/);
  await press(page, 'form.act button', /Ausstellen/);
  await page.waitForURL(u => !u.search && u.pathname.startsWith('/v/'));
  const [file] = await Promise.all([page.waitForEvent('download'), press(page, 'button', /^Herunterladen/)]);
  check('the keyboard downloads the file', /^RE-\d{4}-\d{4}\.pdf$/.test(file.suggestedFilename()));
  await eventually('the page knows of the download', async () => await page.locator('time[data-end]').count() > 0, 20);
  await press(page, 'a.button, button', /Ich habe die Datei gespeichert/);
  await page.waitForURL('**/gespeichert');
  await press(page, 'button', /Ja, gespeichert/);
  await page.waitForURL('**/q/**');
  check('the keyboard leads to the receipt', await page.locator('.stamp').isVisible());
}

// press tabs to the element with these words and presses Enter.
async function press(page, selector, words) {
  await page.evaluate(() => { document.activeElement?.blur(); window.scrollTo(0, 0); });
  for (let stops = 1; stops <= 80; stops++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(s => {
      const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
      const over = document.elementFromPoint(box.x + box.width / 2, Math.min(box.y + box.height / 2, innerHeight - 1));
      return {
        is: e.matches(s), text: e.textContent.trim(), name: e.tagName + ' ' + (e.textContent.trim().slice(0, 30) || e.id),
        shown: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none' || e.matches('.vh'),
        free: e === document.body || e.matches('.vh') || !!over && (e === over || e.contains(over) || over.contains(e)),
      };
    }, selector);
    if (at.name.startsWith('BODY')) continue;
    check(`focus can be seen: ${at.name}`, at.shown);
    check(`nothing lies over the focus: ${at.name}`, at.free);
    if (at.is && words.test(at.text)) {
      await page.keyboard.press('Enter');
      return;
    }
  }
  check(`${words} is reached with Tab`, false);
  throw new Error(`${words} is not reached`);
}
