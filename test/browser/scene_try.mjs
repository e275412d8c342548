import {check, dashboard, eventually, shoot} from './lib.mjs';
import {fileURLToPath} from 'node:url';

const note = fileURLToPath(new URL('../speech/000.ogg', import.meta.url));

// tryOut: a stranger without an account: typed words to the sample letter, a file,
// the recorder with a tone in which nobody speaks, and no cookie afterwards.
export async function tryOut(c) {
  const page = await c.newPage();
  await c.grantPermissions(['microphone'], {origin: dashboard});
  await page.goto(dashboard + '/ausprobieren');
  await shoot(page, '60-ausprobieren');
  await page.fill('#text', 'Rechnung für Frau Petersen, Lindenweg zwölf, fünfundzwanzig fünf zwo vier Itzehoe. Siphon eingebaut, anderthalb Stunden, Anfahrt.');
  await page.click('text=Entwurf zeigen');
  check('words become a draft', await page.locator('h1:has-text("Rechnung für Frau Petersen")').isVisible());
  await shoot(page, '61-ausprobieren-frage');
  await page.click('button:has-text("Gestern")');
  await page.locator('text=Nichts ist offen').waitFor();
  await shoot(page, '62-ausprobieren-fertig');
  const [file] = await Promise.all([page.waitForEvent('download'), page.click('text=Musterblatt als PDF')]);
  check('the sample letter comes', file.suggestedFilename() === 'Muster.pdf');
  await file.saveAs(process.env.OUT + '/62-muster.pdf');
  await page.click('text=Noch einmal');
  await page.setInputFiles('#datei', note);
  await page.click('text=Anhören lassen');
  await page.locator('[data-text]').waitFor({timeout: 90000});
  check('a file is heard', /aussichten auf hongkong/i.test(await page.locator('[data-text]').textContent()));
  await page.goto(dashboard + '/ausprobieren');
  await page.click('[data-start]');
  await eventually('the clock runs', async () => /noch 5\d s/.test(await page.locator('[data-clock]').textContent()));
  await shoot(page, '63-ausprobieren-aufnahme');
  await page.click('[data-stop]');
  await page.locator('[role=alert]').waitFor({timeout: 90000});
  check('a tone is no speech', await page.locator('[role=alert]').isVisible(), await page.locator('main').textContent());
  console.log('  recorder: ' + (await page.locator('[role=alert]').textContent()).trim());
  await shoot(page, '64-ausprobieren-nichts-gehoert');
  check('a stranger has no cookie', (await c.cookies()).filter(k => k.domain === 'localhost').length === 0);
}
