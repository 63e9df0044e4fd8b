// A Chromium for the tests, driven by lines of JSON: {"do": verb, ...} in, {"ok": value} or {"error": text} out, in order.
//
//   node scripts/browser.mjs CHROMIUM [SOUND.wav]      the microphone plays SOUND.wav
//
// Where the page asks for a role and a name, the tests do too: what they find is what a screen reader finds.
import { AxeBuilder } from "@axe-core/playwright";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const [executablePath, sound] = process.argv.slice(2);
const PATIENCE = 10_000;

const browser = await chromium.launch({
  executablePath,
  args: [
    ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
    ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
    ...["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"],
    ...(sound ? [`--use-file-for-fake-audio-capture=${sound}`] : []),
  ],
});

let page;
/** What the page complained about: exceptions, and errors and warnings in its console. */
let complaints = [];

async function close() {
  await page?.context().close();
  page = undefined;
}

async function open({ url, width = 1440, height = 900, locale = "en-GB", scheme = "light" }) {
  await close();
  const context = await browser.newContext({ viewport: { width, height }, locale, colorScheme: scheme });
  page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    // An answer of the server such as 401 is the browser's remark, not the page's.
    const remark = message.text().startsWith("Failed to load resource");
    if (["error", "warning"].includes(message.type()) && !remark) complaints.push(message.text());
  });
  await page.goto(url);
}

async function axe() {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ target }) => target).join("; ")})`);
}

/** The loudest frequency in what the page plays from the other side of the call, in Hz. */
function heard() {
  return page.evaluate(async () => {
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 8192 });
    context.createMediaStreamSource(document.querySelector("audio").srcObject).connect(analyser);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const loudness = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(loudness);
    const loudest = loudness.indexOf(Math.max(...loudness));
    const frequency = (loudest * context.sampleRate) / analyser.fftSize;
    await context.close();
    return frequency;
  });
}

const VERBS = {
  open,
  close,
  axe,
  heard,
  press: ({ role = "button", name }) => page.getByRole(role, { name }).first().click(),
  write: ({ label, text }) => page.getByLabel(label, { exact: true }).fill(text),
  key: ({ key }) => page.keyboard.press(key),
  sees: ({ text }) => page.getByText(text).first().waitFor(),
  state: ({ text }) => page.locator(".state-words strong", { hasText: text }).waitFor(),
  misses: ({ text }) => page.getByText(text).first().waitFor({ state: "hidden" }),
  value: ({ label }) => page.getByLabel(label).inputValue(),
  focused: () => page.evaluate(() => document.activeElement?.tagName ?? ""),
  overflow: () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
  title: () => page.title(),
  reload: () => page.reload(),
  picture: ({ path }) => page.screenshot({ path }).then(() => null),
  complaints: () => complaints,
};

for await (const line of createInterface({ input: process.stdin })) {
  const { do: verb, ...what } = JSON.parse(line);
  let answer;
  try {
    answer = { ok: (await VERBS[verb](what)) ?? null };
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser.close();
