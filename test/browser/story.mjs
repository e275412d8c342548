// The story of one evening: sign in, a draft from a shipped voice note, questions,
// issue, download, countdown, confirm, receipt; a draft that two people change; then the chat; then all of it
// again without JavaScript. At the end the address book and the Kundenlink, with and without it.
import {launch, check, finish, context, out} from './lib.mjs';
import {dashboardStory} from './scene_dashboard.mjs';
import {chatStory} from './scene_chat.mjs';
import {plainStory} from './scene_plain.mjs';
import {odds} from './scene_odds.mjs';
import {tryOut} from './scene_try.mjs';
import {keyboard} from './scene_keyboard.mjs';
import {operatorStory} from './scene_operator.mjs';
import {customersStory, plainCustomers} from './scene_customers.mjs';

const browser = await launch();
const scenes = {dashboardStory, chatStory, plainStory, odds, tryOut, keyboard, operatorStory, customersStory, plainCustomers};
const only = process.env.SCENE;
// The customers' scenes go on in a session that stands: an owner gets three sign-in mails
// in a quarter of an hour, and the scenes before have asked for them.
let session = [];
for (const [name, scene] of Object.entries(scenes)) {
  if (only && !only.split(',').includes(name)) continue;
  const t0 = Date.now();
  let c;
  try {
    c = await context(browser, name, name.startsWith('plain') ? {javaScriptEnabled: false} : {});
    if (/customers/i.test(name)) await c.addCookies(session);
    await scene(c);
    if (name === 'keyboard') session = await c.cookies();
    console.log(`ok ${name} ${((Date.now() - t0) / 1000).toFixed(1)} s`);
  } catch (e) {
    check(name, false, e.message.split('\n')[0]);
    for (const p of c?.pages() ?? []) await p.screenshot({path: `${out}/failed-${name}-${c.pages().indexOf(p)}.png`, fullPage: true}).catch(() => {});
  } finally {
    await c?.close();
  }
}
finish(`Chromium ${browser.version()}`);
await browser.close();
