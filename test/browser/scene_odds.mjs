import {check, dashboard, shoot} from './lib.mjs';
import {signIn} from './steps.mjs';

// odds: the second firm's empty start, pages that are not there, and the keyboard.
export async function odds(c) {
  const page = await c.newPage();
  await signIn(page, 'inken@nordlicht.example');
  check('the second firm sees nothing of the first', await page.locator('a.row').count() === 0);
  await shoot(page, '40-start-leer');
  await page.keyboard.press('Tab');
  check('the first tab stop is the skip link', (await page.evaluate(() => document.activeElement.textContent)) === 'Zum Inhalt');
  const missing = await page.goto(dashboard + '/v/aaaaaaaaaaaaaaaaaaaaaaaaaa');
  check('a case that is not there is 404', missing.status() === 404);
  await shoot(page, '41-nicht-da');
  await page.goto(dashboard + '/quittungen');
  await shoot(page, '42-quittungen-leer');
  await page.goto(dashboard + '/anmelden/link?t=' + 'x'.repeat(43));
  await shoot(page, '43-link');
  await page.click('text=Jetzt anmelden');
  check('a dead link is said', await page.locator('text=Das hat nicht geklappt').isVisible());
  await shoot(page, '44-link-ungueltig');
  const t = await page.evaluate(() => performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation')).reduce((n, e) => n + e.encodedBodySize, 0));
  check('a first visit is at most 100 kB', t > 0 && t <= 100_000, `${t} bytes`);
}
