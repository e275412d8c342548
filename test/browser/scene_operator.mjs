import {check, dashboard, shoot} from './lib.mjs';
import {askMail} from './steps.mjs';

// operatorStory is an operator's first day, in a real Chromium with a virtual device:
// INVITE is the link that `feierabend operator invite` printed. Mail, first passkey, the
// operator's pages; then in by passkey alone, and the same device as a proof.
export async function operatorStory(c, invite = process.env.INVITE) {
  const page = await c.newPage();
  const cdp = await c.newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const {authenticatorId} = await cdp.send('WebAuthn.addVirtualAuthenticator', {options: {
    protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true,
  }});
  const {code} = await askMail(page, 'olga@betrieb.example', async () => {
    await page.goto(invite);
    await page.click('text=Code schicken');
  });
  await page.fill('#code', code);
  await page.click('button:has-text("Anmelden")');
  await page.waitForURL('**/betrieb/anmelden');
  await shoot(page, '40-betrieb-erster');
  await page.click('text=Passkey anlegen');
  await page.waitForURL('**/betrieb/anmelden?ok=passkey');
  await page.click('text=Mit Passkey anmelden');
  await page.waitForURL(dashboard + '/betrieb');
  await shoot(page, '41-betrieb');
  await page.click('text=Geräte');
  check('the passkey stands in the list', await page.locator('h2:has-text("Passkeys") + ul .tag:has-text("Betrieb")').count() === 1);
  await page.click('text=Abmelden');
  await page.waitForURL('**/anmelden');
  await cdp.send('WebAuthn.setUserVerified', {authenticatorId, isUserVerified: false});
  await page.click('text=Mit Passkey anmelden');
  await page.waitForSelector('[data-failed]:not([hidden])');
  await cdp.send('WebAuthn.setUserVerified', {authenticatorId, isUserVerified: true});
  await page.click('text=Mit Passkey anmelden');
  await page.waitForURL(dashboard + '/betrieb');
  await page.click('a.row >> nth=0');
  await page.waitForSelector('text=Firma sperren');
  await shoot(page, '42-betrieb-firma');
  await page.goto(dashboard + '/bestaetigung?weiter=%2Fbetrieb');
  await page.click('text=Mit Passkey bestätigen');
  await page.waitForURL(dashboard + '/betrieb');
}
