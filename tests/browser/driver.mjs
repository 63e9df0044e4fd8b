// A Chromium for the tests, driven by lines of JSON on stdin and stdout:
//
//   node tests/browser/driver.mjs CHROMIUM SOUND.wav      the microphone plays SOUND.wav, over and over
//   {"id": 1, "window": "anna", "do": "press", "name": "Ready"}   ->   {"id": 1, "ok": null} or {"id": 1, "error": text}
//
// The first line that it writes says that the browser is there. Each window has cookies of its own; a tab shares them
// with the window it was opened from. Windows do not wait for each other. What is looked for by role and name is what a
// screen reader finds.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const need = createRequire(new URL("../../agent_desktop/page/package.json", import.meta.url));
const { chromium } = need("playwright-core");
const { AxeBuilder } = need("@axe-core/playwright");

const [executablePath, sound] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath,
  args: [
    ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
    ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
    ...["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"],
    `--use-file-for-fake-audio-capture=${sound}`,
  ],
});
process.stdout.write(JSON.stringify({ started: browser.version() }) + "\n");

/** Name of the window -> its page, and what that page complained about. */
const windows = new Map();

async function begin(name, context) {
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    // That a server answered 401 or is gone is the browser's remark, not the page's.
    const remark = /^Failed to load resource|^WebSocket connection to/.test(message.text());
    if (["error", "warning"].includes(message.type()) && !remark) complaints.push(message.text());
  });
  windows.set(name, { page, complaints });
  return page;
}

/** What the page plays from the other side of the call: the loudest frequency in Hz, and how loud it is in dB. */
function heard(page) {
  return page.evaluate(async () => {
    const stream = document.querySelector("audio")?.srcObject;
    if (!stream) return [0, -200];
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
    context.createMediaStreamSource(stream).connect(analyser);
    await new Promise((resolve) => setTimeout(resolve, 400));
    const loudness = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(loudness);
    const loudest = loudness.reduce((best, value, at) => (value > loudness[best] ? at : best), 0);
    const frequency = (loudest * context.sampleRate) / analyser.fftSize;
    await context.close();
    return [frequency, Math.max(-200, loudness[loudest])];
  });
}

const VERBS = {
  async open({ window, url, width, height, locale, scheme }) {
    const context = await browser.newContext({ viewport: { width, height }, locale, colorScheme: scheme });
    await (await begin(window, context)).goto(url);
  },
  async tab({ window, of, url }) {
    await (await begin(window, windows.get(of).page.context())).goto(url);
  },
  async close({ page, window }) {
    windows.delete(window);
    const context = page.context();
    await page.close();
    if (context.pages().length === 0) await context.close();
  },
  press: ({ page, role, name, exact, timeout }) => page.getByRole(role, { name, exact }).first().click({ timeout }),
  key: ({ page, key }) => page.keyboard.press(key),
  write: ({ page, label, text, timeout }) => page.getByLabel(label, { exact: true }).fill(text, { timeout }),
  choose: ({ page, label, text, timeout }) => page.getByLabel(label, { exact: true }).selectOption({ label: text }, { timeout }),
  sees: ({ page, text, timeout }) => page.getByText(text).first().waitFor({ timeout }),
  misses: ({ page, text, timeout }) => page.getByText(text).first().waitFor({ state: "hidden", timeout }),
  finds: ({ page, selector, text, timeout }) => page.locator(selector, { hasText: text }).first().waitFor({ timeout }),
  texts: ({ page, selector }) => page.locator(selector).allInnerTexts(),
  value: ({ page, label, timeout }) => page.getByLabel(label).inputValue({ timeout }),
  reads: ({ page }) => page.evaluate(() => document.activeElement?.textContent ?? ""),
  focused: ({ page }) => page.evaluate(() => document.activeElement?.tagName ?? ""),
  overflow: ({ page }) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
  hidden: ({ page, selector }) => page.locator(selector).first().evaluate((it) => it.scrollWidth - it.clientWidth),
  title: ({ page }) => page.title(),
  reload: ({ page, timeout }) => page.reload({ timeout }).then(() => null),
  picture: ({ page, path }) => page.screenshot({ path, animations: "disabled" }).then(() => null),
  heard: ({ page }) => heard(page),
  // The first player: seconds that its sound lasts, once some of it was played.
  plays: ({ page }) =>
    page.locator("audio[controls]").first().evaluate(async (audio) => {
      await audio.play();
      while (audio.currentTime < 0.1) await new Promise((resolve) => audio.addEventListener("timeupdate", resolve, { once: true }));
      return audio.duration;
    }),
  complaints: ({ window }) => windows.get(window).complaints,
  async axe({ page }) {
    const { violations } = await new AxeBuilder({ page }).analyze();
    return violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ target }) => target).join("; ")})`);
  },
};

async function obey({ id, do: verb, ...what }) {
  let answer;
  try {
    answer = { id, ok: (await VERBS[verb]({ ...what, page: windows.get(what.window)?.page })) ?? null };
  } catch (error) {
    answer = { id, error: String(error.message ?? error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

for await (const line of createInterface({ input: process.stdin })) void obey(JSON.parse(line));
await browser.close();
