/** What people read: the language in use, its catalog, and the texts for codes that the server sends. */

import { batch, computed, signal } from "@preact/signals";
import type { Label } from "../wire";
import type { en } from "./en";

export type Key = keyof typeof en;
export type Catalog = Readonly<Record<Key, string>>;
export type Language = "en" | "zh";

/** Each language by its own name, short enough for the bar. */
export const LANGUAGES: Readonly<Record<Language, string>> = { en: "EN", zh: "中文" };

/** BCP 47 tags for Intl and for the document. */
export const TAGS: Readonly<Record<Language, string>> = { en: "en-GB", zh: "zh-CN" };

const inUse = signal<Language>("en");
const catalog = signal<Catalog | null>(null);

export const language = computed(() => inUse.value);

/** From now on the page speaks this language. */
export function install(chosen: Language, texts: Catalog): void {
  batch(() => {
    inUse.value = chosen;
    catalog.value = texts;
  });
}

function texts(): Catalog {
  if (catalog.value === null) throw new Error("no language was installed");
  return catalog.value;
}

type Values = Readonly<Record<string, string | number>>;

export function fill(text: string, values: Values = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

/** The text of a key in the language in use; read inside a component, it follows the language. */
export function t(key: Key, values?: Values): string {
  return fill(texts()[key], values);
}

type PluralKey = { [K in Key]: K extends `${infer Base}.other` ? Base : never }[Key];

/** A text that depends on a number, such as "3 waiting". */
export function count(key: PluralKey, n: number): string {
  const tag = TAGS[language.value];
  const form = new Intl.PluralRules(tag).select(n) === "one" ? "one" : "other";
  return t(`${key}.${form}` as Key, { n: new Intl.NumberFormat(tag).format(n) });
}

type Family = "reason" | "code" | "channel" | "notice" | "refused" | "state" | "skill" | "outcome" | "reach" | "way" | "kind";

/** Whether a code of the server has a text here. */
export function known(family: Family, code: string): boolean {
  return `${family}.${slug(code)}` in texts();
}

/** The text for a code, such as a break's; one that no catalog knows is the administrator's own word and shown as it is. */
export function named(family: Family, code: string): string {
  const key = `${family}.${slug(code)}`;
  return key in texts() ? t(key as Key) : plain(code);
}

/** A code as the catalogs spell it: "no answer", "No-Answer" and "no_answer" are one. */
export function slug(code: string): string {
  return code.trim().toLowerCase().replace(/[\s-]+/g, "_");
}

function plain(code: string): string {
  const words = code.replace(/_/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A label that the administrator gave in several languages. */
export function labelled(label: Label | null | undefined, otherwise: string): string {
  return label?.[language.value] ?? label?.["en"] ?? Object.values(label ?? {})[0] ?? plain(otherwise);
}
