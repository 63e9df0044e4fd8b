/** Figures, names and times of reports as people read them. */

import { clock, integer, share } from "../format";
import { labelled, named, t } from "../i18n";
import { agentBoards, queueBoards } from "../state/store";
import type { Label } from "../wire";
import type { By, Kind, Value } from "./model";

export function figure(value: Value | undefined, kind: Kind | undefined): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "boolean") return value ? "✓" : "✗";
  if (kind === "share") return share(value);
  return kind === "seconds" ? clock(Math.round(value)) : integer(value);
}

/** What people call a queue or an agent; the sum of all has no name. */
export function nameOf(by: By, name: string): string {
  switch (by) {
    case "queue":
      return name === "" ? t("report.all") : queueName(name);
    case "agent":
      return name === "" ? t("report.all") : agentName(name);
    case "team":
      return name === "" ? t("report.no_team") : name;
    case "entry_point":
      return name === "" ? t("report.all") : name;
    case "centre":
      return t("report.by.centre");
  }
}

export function queueName(name: string): string {
  return labelled(queueBoards.value.find((queue) => queue.name === name)?.label, name);
}

export function agentName(id: string): string {
  return agentBoards.value.find((agent) => agent.id === id)?.name ?? id;
}

/** The way out of a node of that kind; of a key what it is called, if that is known. */
export function wayName(kind: string, way: string, label?: Label): string {
  if (kind === "transfer" && way === "failed") return t("way.not_put_through"); // there nobody was asked for an answer
  return kind === "menu" && /^[0-9*#]$/.test(way) ? labelled(label, t("flows.key", { key: way })) : named("way", way);
}

const OUTCOMES = ["answered", "abandoned", "short_abandoned", "callback_requested", "overflowed", "withdrawn", "failed"] as const;

export function outcome(code: string | null): string {
  if (code === null) return t("behind.still");
  const known = OUTCOMES.find((one) => one === code);
  return known === undefined ? code : t(`ending.${known}`);
}
