// A person at /docs, in a headless Chromium. The test changes the flunders when it reads a line.

import { once } from "node:events";
import { createRequire } from "node:module";

const { chromium } = createRequire(`${process.env.MODULES}/`)("playwright-core");
const say = (...words) => console.log(words.join(" "));

// Its files are gone with the test, even if that fails.
process.env.TMPDIR = process.env.HOME;
// The browser itself asks nobody for anything.
const quiet = ["disable-gpu", "disable-quic", "disable-background-networking", "disable-component-update", "disable-sync"];
const args = quiet.map((flag) => `--${flag}`);
const browser = await chromium.launch({ executablePath: process.argv[2], args });
const page = await browser.newPage({ colorScheme: "light" });
const troubles = [];
page.on("pageerror", (error) => troubles.push(error.message));
page.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
page.on("request", (request) => new URL(request.url()).origin === process.env.SERVER || troubles.push(request.url()));

const row = (text) => page.locator("#watch-events tbody tr", { hasText: text }).first();
const cells = async (row, columns) => {
  await row.waitFor();
  return (await row.locator("td").allTextContents()).slice(...columns);
};
const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const overview = async () => {
  await page.getByRole("heading", { name: "Resources" }).waitFor();
  return page.locator("caption, tbody td:first-child").allTextContents();
};
const answer = async (text) => {
  await page.getByRole("button", { name: "Send" }).click();
  await page.locator("#response-body", { hasText: text }).waitFor();
  return page.locator("#response-status").textContent();
};

await page.goto(`${process.env.SERVER}/docs`);
say("sees", ...(await overview()));
say("flunders are", ...(await cells(page.locator("tbody tr").first(), [1, 6])));
const light = await background();
await page.emulateMedia({ colorScheme: "dark" });
say("dark is", (await background()) === light ? "the same" : "another");

await page.getByRole("link", { name: "flunders" }).first().click();
await page.getByRole("heading", { name: "Flunder", exact: true }).waitFor();
const collection = page.getByRole("row", { name: /^GET .*\/namespaces\/\{namespace\}\/flunders list/ });
await collection.getByRole("button", { name: "Try" }).click();
say("GET", await answer("FlunderList"));
await page.locator("ul.fields summary", { hasText: "spec" }).first().click();
await page.locator("ul.fields ul code", { hasText: "flunderReference" }).waitFor();

await page.getByRole("row", { name: /^POST / }).getByRole("button", { name: "Try" }).click();
const body = page.getByLabel("Body");
const example = JSON.parse(await body.inputValue());
example.metadata.annotations = { note: "<img src=x>" };
await body.fill(JSON.stringify(example));
say("POST", await answer("<img src=x>"));
say("again", await answer("AlreadyExists"));

await page.getByRole("row", { name: /^GET .*flunders\/\{name\} read/ }).getByRole("button", { name: "Try" }).click();
await page.getByRole("button", { name: "Send" }).click();
say("without a name", await page.getByLabel("Path").evaluate((path) => path.validity.patternMismatch));

// The browser keeps to the policy of the page, whatever is written into the form.
await page.getByLabel("Path").fill("//example.invalid/");
await page.getByRole("button", { name: "Send" }).click();
await page.locator("#response-status", { hasText: "no answer" }).waitFor();

await page.getByRole("button", { name: "Watch" }).click();
say("first", ...(await cells(row("example"), [1, 4])));
await row("example").locator("summary").click();
await row("<img src=x>").waitFor();
say("images", await page.locator("img").count());
say("then", ...(await cells(row("meanwhile"), [1, 4])));
say("then", ...(await cells(row("DELETED"), [1, 4])));

// The conflict and what the policy refused are told in the console too.
say("troubles", ...troubles.filter((trouble) => !/409|Content Security Policy/.test(trouble)));
await once(process.stdin, "data");
await page.getByRole("link", { name: "All resources" }).click();
say("sees", ...(await overview()));
await browser.close();
process.exit();
