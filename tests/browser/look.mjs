// Opens pages in headless Chromium and says what is wrong with them, one line a fault: node look.mjs FOLDER PAGE.html…
// Screenshots go to FOLDER. Looks for errors, requests, sideways scrolling, what axe-core finds (WCAG 2 A and AA), and for what a
// keyboard cannot reach; in light and dark, wide and narrow, without script as pages are meant to be read, and in print.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const widths = { wide: { width: 1280, height: 900 }, narrow: { width: 390, height: 844 } };
const rules = { runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] } };
const [folder, ...pages] = process.argv.slice(2);
const faults = [];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
  ],
});

/** Looks at one page in one way. */
async function look(file, scheme, width) {
  const name = basename(file, ".html");
  const fault = (what) => faults.push(`${name} (${scheme}, ${width}): ${what}`);
  const context = await browser.newContext({ viewport: widths[width], colorScheme: scheme });
  const page = await context.newPage();
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && fault(`the console says: ${message.text()}`));
  page.on("pageerror", (error) => fault(`an error: ${error.message}`));
  page.on("dialog", (dialog) => (fault("a dialog opened: something ran"), dialog.dismiss()));
  const url = pathToFileURL(file).href;
  page.on("request", (request) => request.url() !== url && !request.url().startsWith("data:") && fault(`asks for ${request.url()}`));
  await page.goto(url, { waitUntil: "load" });
  await page.screenshot({ path: join(folder, `${name}-${scheme}-${width}.png`), fullPage: true });
  // What is folded away is looked at too.
  await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (sideways > 0) fault(`scrolls sideways by ${sideways} px`);
  if ((await page.evaluate(() => document.scripts.length)) > 0) fault("has a script");
  await page.evaluate(axe);
  const found = await page.evaluate((options) => globalThis.axe.run(document, options), rules);
  for (const violation of found.violations) {
    for (const node of violation.nodes.slice(0, 3)) fault(`${violation.id}: ${violation.help}: ${node.target.join(" ")}: ${node.failureSummary}`.replaceAll("\n", " "));
  }
  await page.reload();
  await page.keyboard.press("Tab");
  const skip = await page.evaluate(() => document.activeElement?.getAttribute("href"));
  if (skip !== "#main") fault(`the first thing that Tab reaches is ${skip}, not the link to the content`);
  if (scheme === "light" && width === "wide") {
    await page.pdf({ path: join(folder, `${name}.pdf`), format: "A4" });
    await page.emulateMedia({ media: "print" });
    await page.setViewportSize({ width: 794, height: 1123 });
    await page.screenshot({ path: join(folder, `${name}-print.png`), fullPage: true });
  }
  await context.close();
}

for (const file of pages) {
  for (const scheme of ["light", "dark"]) {
    for (const width of Object.keys(widths)) await look(file, scheme, width);
  }
}
await browser.close();
faults.forEach((fault) => console.log(fault));
process.exitCode = faults.length > 0 ? 1 : 0;
