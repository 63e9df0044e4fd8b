// The pictures of docs/images, from a running demo (`make run`):
//
//   node scripts/pictures.mjs CHROMIUM URL AGENT PASSWORD SUPERVISOR PASSWORD FOLDER
//
// The agent says Ready, takes the first call of somebody with an overdue bill, and hangs up, so it takes a minute or two.
import { join } from "node:path";
import { chromium } from "playwright-core";

const [executablePath, url, agent, agentPassword, supervisor, supervisorPassword, folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("usage: node scripts/pictures.mjs CHROMIUM URL AGENT PASSWORD SUPERVISOR PASSWORD FOLDER");
  process.exit(2);
}

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--no-first-run"] });

async function window(user, password) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 860 }, locale: "en-GB" });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(url);
  await page.getByLabel("User name").fill(user);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
  return page;
}

async function take(page, name) {
  await page.waitForTimeout(500);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  console.log(name);
}

const desk = await window(agent, agentPassword);
const start = desk.getByRole("button", { name: "Start work" });
const ready = desk.getByRole("button", { name: "Ready", exact: true }).first();
await start.or(ready).waitFor();
if (await start.isVisible()) await start.click(); // else she is at work already, from an earlier run
for (;;) {
  await ready.click();
  await desk.getByText("Incoming call").first().waitFor();
  await desk.waitForTimeout(1500);
  if (await desk.locator(".bills .late").first().isVisible()) break;
  await desk.getByRole("button", { name: "Decline" }).click();
  await desk.getByText("You get no calls now.").waitFor();
}
await take(desk, "desktop-ringing");
await desk.getByRole("button", { name: "Answer" }).click();
await desk.getByText("Talking").first().waitFor();
await desk.waitForTimeout(8000);
await take(desk, "desktop-talking");
await desk.getByRole("button", { name: "中文" }).click();
await take(desk, "desktop-talking-zh");
await desk.getByRole("button", { name: "EN", exact: true }).click();

const board = await window(supervisor, supervisorPassword);
await board.getByRole("heading", { name: "Agents" }).waitFor();
await board.locator(".callers tbody tr").first().waitFor();
await take(board, "supervisor");

await desk.getByRole("button", { name: "Hang up" }).click();
await desk.getByRole("heading", { name: "What was it about?" }).waitFor();
await take(desk, "desktop-wrap-up");
await desk.getByRole("button", { name: "Done without a code" }).click();
await browser.close();
