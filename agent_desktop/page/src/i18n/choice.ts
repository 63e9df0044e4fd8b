/** Which language this browser reads: what its user chose here before, else what the browser asks for. */

import { install, TAGS, type Catalog, type Language } from "./index";

const STORED = "callwright.language";

/** Each catalog is a chunk of its own: nobody waits for one that she does not read. */
const CATALOGS: Readonly<Record<Language, () => Promise<Catalog>>> = {
  en: async () => (await import("./en")).en,
  zh: async () => (await import("./zh")).zh,
};

export async function startLanguage(): Promise<void> {
  const stored = localStorage.getItem(STORED);
  await speak(stored === "en" || stored === "zh" ? stored : asked(navigator.languages));
  // The others come behind it, so that she can change over while the centre is away.
  void Promise.allSettled(Object.values(CATALOGS).map((load) => load()));
}

/** What she chooses here is remembered. If its texts are not there the page goes on in the other language. */
export function choose(chosen: Language): void {
  localStorage.setItem(STORED, chosen);
  speak(chosen).catch(() => undefined);
}

async function speak(chosen: Language): Promise<void> {
  install(chosen, await CATALOGS[chosen]());
  document.documentElement.lang = TAGS[chosen];
}

/** The first of the browser's languages that we have. */
export function asked(tags: readonly string[]): Language {
  const first = tags.find((tag) => /^(en|zh)\b/i.test(tag)) ?? "en";
  return first.toLowerCase().startsWith("zh") ? "zh" : "en";
}
