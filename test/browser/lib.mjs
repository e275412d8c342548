// What every scene of the story uses: a guarded browser context, checks that are
// counted, screenshots with axe in two sizes and two schemes.
import {createHash} from 'node:crypto';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {chromium} from 'playwright-core';

export const dashboard = strip(process.env.DASHBOARD_URL ?? ''), phone = strip(process.env.PHONE_URL ?? ''), mails = strip(process.env.MAIL_URL ?? '');
export const out = process.env.OUT;
mkdirSync(out, {recursive: true});

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const axeTags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const sizes = [[390, 844], [1280, 900]], schemes = ['light', 'dark'];

function strip(s) { return s.replace(/\/$/, ''); }

export const found = {passed: 0, failed: [], shots: 0, axe: 0, incomplete: new Set()};

export function check(what, ok, detail = '') {
  if (ok) found.passed++;
  else {
    found.failed.push(what + (detail ? ': ' + detail : ''));
    console.error('FAIL ' + what + (detail ? ': ' + detail : ''));
  }
  return ok;
}

export const sha256 = bytes => createHash('sha256').update(bytes).digest('hex');

export async function launch() {
  return chromium.launch({executablePath: process.env.CHROMIUM, args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required',
    '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--lang=de-DE']});
}

// context opens a browser profile whose pages may talk to their own host only,
// and in which console errors, page errors and CSP violations are failures.
export async function context(browser, name, options = {}) {
  const c = await browser.newContext({locale: 'de-DE', viewport: {width: 390, height: 844}, acceptDownloads: true, ...options});
  c.setDefaultTimeout(45000);
  if (options.javaScriptEnabled !== false) {
    await c.exposeFunction('__violation', what => check(`${name}: no CSP violation`, false, what));
    await c.addInitScript(() => document.addEventListener('securitypolicyviolation', e => window.__violation(e.effectiveDirective + ' ' + e.blockedURI + ' on ' + location.pathname)));
  }
  c.on('page', page => {
    page.on('pageerror', e => check(`${name}: no page error`, false, e.message));
    page.on('console', m => {
      // A status of 4xx that a scene asks for is told by the browser in the console.
      if (m.type() === 'error' && !/status of 4\d\d/.test(m.text())) check(`${name}: no console error`, false, m.text());
    });
    page.on('request', r => {
      const frame = r.isNavigationRequest() ? r.url() : page.url();
      if (/^https?:/.test(r.url()) && /^https?:/.test(frame)) {
        check(`${name}: one host per page`, new URL(r.url()).host === new URL(frame).host, new URL(r.url()).host + ' from ' + new URL(frame).host);
      }
    });
  });
  return c;
}

export async function axe(page, name) {
  for (let tries = 0; ; tries++) {
    try {
      await page.evaluate(axeSource);
      const r = await page.evaluate(tags => window.axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations', 'incomplete']}), axeTags);
      found.axe++;
      for (const i of r.incomplete) found.incomplete.add(i.id);
      return check(`axe ${name}`, r.violations.length === 0, r.violations.map(v => v.id + ' ' + v.nodes.map(n => n.target.join(' ') + ' ' + (n.any[0]?.message ?? '')).slice(0, 3).join(' | ')).join('; '));
    } catch (e) {
      if (tries === 3 || !/context|navigat/i.test(e.message)) throw e; // the page looked for news meanwhile
      await page.waitForLoadState();
    }
  }
}

// picture takes a page's picture. A page that looks for news may be drawn anew in that
// moment, then the browser has nothing to capture: it is asked again, twice.
export async function picture(page, path) {
  for (let tries = 0; ; tries++) {
    try {
      return await page.screenshot({path, fullPage: true});
    } catch (e) {
      if (tries === 2 || !/Unable to capture screenshot/.test(e.message)) throw e;
      await page.waitForLoadState();
    }
  }
}

// shoot looks at a page in two sizes and two schemes: picture, axe, no sideways scrolling.
export async function shoot(page, name, {script = true} = {}) {
  const before = page.viewportSize();
  for (const [width, height] of sizes) {
    for (const colorScheme of schemes) {
      await page.setViewportSize({width, height});
      await page.emulateMedia({colorScheme, reducedMotion: 'reduce'});
      await picture(page, `${out}/${name}-${width}-${colorScheme}.png`);
      found.shots++;
      if (!script) continue;
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth).catch(() => 0);
      check(`${name} fits ${width} px`, over <= 0, `${over} px too wide`);
      await axe(page, `${name} ${width} ${colorScheme}`);
    }
  }
  if (script) {
    await page.setViewportSize({width: 320, height: 640});
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth).catch(() => 0);
    check(`${name} fits 320 px`, over <= 0, `${over} px too wide`);
    check(`${name} targets`, (await small(page)).length === 0, (await small(page)).join(', '));
  }
  await page.setViewportSize(before);
  await page.emulateMedia({colorScheme: null, reducedMotion: null});
}

// small lists what a thumb cannot hit: buttons and fields lower than 44 px, links
// outside of running text lower than 24 px (UI-01, WCAG 2.5.8).
export async function small(page) {
  return page.evaluate(() => Array.from(document.querySelectorAll('button, select, input:not([type=hidden]):not(:is([type=checkbox], [type=radio])), a.button, .belt a, a.row'))
    .filter(e => e.checkVisibility() && !e.closest('.vh')).map(e => [e, e.getBoundingClientRect()])
    .filter(([, r]) => r.height > 0 && r.height < 43.5).map(([e, r]) => e.textContent.trim().slice(0, 20) + ' ' + Math.round(r.height))).catch(() => []);
}

// eventually asks again until the answer is true-like, by default for 60 seconds.
export async function eventually(what, ask, seconds = 60, every = 400) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask().catch(() => null);
    if (answer) return answer;
    if (Date.now() > end) {
      check(what, false, `not within ${seconds} s`);
      throw new Error(what);
    }
    await new Promise(r => setTimeout(r, every));
  }
}

export function finish(version) {
  const text = `${version}, axe on ${found.axe} views, ${found.shots} pictures, ${found.passed} checks`;
  writeFileSync(`${out}/browser.txt`, text + '\n');
  if (found.incomplete.size) console.log('axe could not decide: ' + Array.from(found.incomplete).join(', '));
  console.log(`browser: ${text}, ${found.failed.length} failed`);
  process.exitCode = found.failed.length ? 1 : 0;
}
