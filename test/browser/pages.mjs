// Every page in every state (the golden pages of internal/web), in real Chromium under
// the product's own policy: pictures in three widths and two schemes, axe, no sideways
// scrolling, targets for a thumb, one host, no violation of the policy. No server: the
// browser's requests are answered from the tree.
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {basename, dirname, extname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {axe, check, found, launch, out, picture, small} from './lib.mjs';

const web = join(dirname(fileURLToPath(import.meta.url)), '../../internal/web');
const shots = join(out, 'pages');
mkdirSync(shots, {recursive: true});
const names = readdirSync(join(web, 'testdata/pages')).filter(n => n.endsWith('.html')).map(n => basename(n, '.html')).filter(n => !process.env.ONLY || n.startsWith(process.env.ONLY));
const sizes = [[390, 844], [768, 1024], [1280, 900]], schemes = ['light', 'dark'];
const withAxe = new Set(['390 light', '390 dark', '1280 light']); // colours and both layouts
const types = {'.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml', '.woff2': 'font/woff2'};
const origin = 'http://feierabend.test';
// As internal/web/header.go sends it; TestPolicyOfPages pins it there.
const policy = "default-src 'none'; script-src 'nonce-nonce'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; media-src 'self' blob:; " +
  "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types htmx";

async function answer(route) {
  const url = new URL(route.request().url());
  if (url.origin !== origin) {
    check(`one host: ${url.host}`, false, route.request().url());
    return route.abort();
  }
  const file = url.pathname.startsWith('/static/') ? join(web, 'static', basename(url.pathname)) : join(web, 'testdata/pages', basename(url.pathname) + '.html');
  if (!existsSync(file)) return route.fulfill({status: 404, body: ''}); // the page asks for news
  const html = extname(file) === '.html';
  return route.fulfill({body: readFileSync(file), headers: html ? {'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy} : {'Content-Type': types[extname(file)]}});
}

async function look(page, name) {
  await page.setViewportSize({width: 390, height: 844});
  await page.goto(`${origin}/${name}`, {waitUntil: 'load'});
  await page.evaluate(() => document.fonts.ready);
  check(`${name}: one heading`, await page.locator('h1').count() === 1);
  for (const [width, height] of sizes) {
    await page.setViewportSize({width, height});
    for (const colorScheme of schemes) {
      await page.emulateMedia({colorScheme, reducedMotion: 'reduce'});
      await picture(page, join(shots, `${name}-${width}-${colorScheme}.png`));
      found.shots++;
      if (withAxe.has(`${width} ${colorScheme}`)) await axe(page, `${name} ${width} ${colorScheme}`);
    }
    if (width === 390) check(`${name}: targets`, (await small(page)).length === 0, (await small(page)).join(', '));
  }
  for (const width of [320, 390, 768, 1280]) {
    await page.setViewportSize({width, height: 800});
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    check(`${name}: fits ${width} px`, over <= 0, `${over} px too wide`);
  }
  const violations = await page.evaluate(() => window.__violations);
  check(`${name}: policy`, violations.length === 0, violations.join(', '));
}

const browser = await launch();
const queue = [...names];
await Promise.all(Array.from({length: 3}, async () => {
  const c = await browser.newContext({locale: 'de-DE'});
  await c.addInitScript(() => {
    window.__violations = [];
    document.addEventListener('securitypolicyviolation', e => window.__violations.push(e.effectiveDirective + ' ' + e.blockedURI));
  });
  await c.route('**/*', answer);
  const page = await c.newPage();
  page.on('pageerror', e => check('no page error', false, page.url() + ' ' + e.message));
  for (let name; (name = queue.shift());) await look(page, name).catch(e => check(name, false, e.message.split('\n')[0]));
}));
await browser.close();
check('there are pages', names.length > 0);
if (found.incomplete.size) console.log('axe could not decide: ' + Array.from(found.incomplete).join(', '));
const text = `${names.length} pages, ${found.shots} pictures, axe on ${found.axe} views`;
writeFileSync(join(out, 'pages.txt'), text + '\n');
console.log(`${found.failed.length ? 'FAIL' : 'ok'} ${text}, ${found.passed} checks, ${found.failed.length} failed`);
process.exitCode = found.failed.length ? 1 : 0;
