/** Reports as they come from the centre, and what the page makes of them: which columns, what can be opened, how it is asked. */

import type { Label } from "../wire";

export type Every = "15m" | "30m" | "60m" | "day";
export type By = "queue" | "agent" | "team" | "entry_point" | "centre";
export type Kind = "count" | "seconds" | "share" | "number" | "check";
export type Value = number | boolean | null;

export const EVERY: readonly Every[] = ["15m", "30m", "60m", "day"];
export const BY: readonly By[] = ["queue", "agent", "team", "entry_point", "centre"];

/** How the service level is counted: as in this house, or as other products do. */
export const LEVELS = ["service_level", "service_level_asterisk", "service_level_asterisk2", "service_level_amazon", "service_level_genesys"] as const;
export type Level = (typeof LEVELS)[number];

export interface Interval {
  start: number;
  end: number;
  label: string;
}

export interface Line {
  interval: Interval;
  name: string;
  figures: Readonly<Record<string, Value>>;
}

export interface Report {
  zone: string;
  every: Every;
  by: By;
  columns: Readonly<Record<string, Kind>>;
  lines: readonly Line[];
  totals: readonly Line[];
  whole: Line;
  mistakes: readonly { interval: Interval; queue: string; missing: number }[];
}

export type FlowColumn =
  | "entries"
  | "contained"
  | "to_queue"
  | "transferred"
  | "voicemail"
  | "returned"
  | "abandoned"
  | "lost"
  | "still_there"
  | "containment"
  | "transfer_out"
  | "drop_off"
  | "time_median"
  | "time_p95";
export type NodeColumn = "visits" | "hung_up" | "drop_off" | "time_median" | "time_p95" | "no_input_rate" | "no_match_rate" | "mark_mean";

/** A flow, or one of its nodes; what is empty is not told apart. */
export interface FlowLine {
  place: { day: string; flow: string; version: string; entry_point: string; node: string; queue: string; agent: string };
  figures: Readonly<Partial<Record<FlowColumn | NodeColumn, number | null>>>;
  /** Of the node, as flows name it. */
  kind: string;
  /** How often each way out of the node was taken, the most frequent first. */
  ways: Readonly<Record<string, number>>;
  /** What the keys of a menu are called, as far as today's flows say. */
  labels: Readonly<Record<string, Label>>;
}

export interface FlowVersion {
  flow: string;
  version: string;
  entries: number;
  revision: number | null;
  since: number | null;
}

/** How callers fared in the flows. */
export interface FlowReport {
  flows: readonly FlowLine[];
  nodes: readonly FlowLine[];
  versions: readonly FlowVersion[];
}

/** Who had to come again, by group of queues, and what agents say of it. */
export interface Resolutions {
  groups: readonly {
    group: string;
    closed: number;
    followed: number;
    young: number;
    unknown: number;
    resolution: number | null;
    declared: number;
    solved: number;
    declared_resolution: number | null;
  }[];
}

export const ABOUT = ["figures", "flows", "resolution"] as const;
export type About = (typeof ABOUT)[number];

export interface Wanted {
  about: About;
  /** ISO dates; empty: today, by the centre's clock. */
  from: string;
  to: string;
  every: Every;
  by: By;
  /** What has lines of its own, of the flows; empty: nothing. */
  split: Split;
}

export const SPLITS = ["", "day", "version", "entry_point", "queue", "agent"] as const;
export type Split = (typeof SPLITS)[number];

export interface Segment {
  id: string;
  interaction: string;
  queue: string;
  entered: number;
  ended: number | null;
  outcome: string | null;
  wait: number | null;
  agents: readonly string[];
  talk: number;
  caller: string;
  customer: string;
}

/** A contact behind a figure; node and label are where its customer was last in the menu. */
export interface ContactRow {
  interaction: string;
  entry_point: string;
  started: number;
  ended: number | null;
  outcome: string | null;
  /** Seconds, so far. */
  lasted: number;
  caller: string;
  flow: string;
  node: string;
  label: string;
}

/** A stay of an agent in one state, and what of it lies in the interval. */
export interface Stay {
  agent: string;
  state: string;
  reason: string;
  since: number;
  ended: number | null;
  seconds: number;
  contacts: number;
}

/** What opens behind a figure: rows of one kind, and how many there are. */
export type BehindAnswer = { count: number } & ({ segments: readonly Segment[] } | { contacts: readonly ContactRow[] } | { stays: readonly Stay[]; seconds: number });

export interface Candidate {
  agent: string;
  parts: Readonly<Record<string, number>>;
  reason: string;
}

export interface Contact {
  id: string;
  caller_number: string;
  customer: string;
  /** He has proved that he is that customer. */
  verified: boolean;
  dialled: string;
  started: number;
  ended: number | null;
  outcome: string | null;
  path: readonly { node: string; label: string; said: string }[];
  segments: readonly { id: string; queue: string; entered: number; outcome: string | null; wait: number | null }[];
  reservations: readonly {
    id: string;
    segment: string;
    agent: string;
    made: number;
    ended: number | null;
    outcome: string | null;
    cause: string;
    decision: { need: string; candidates: readonly Candidate[] } | null;
  }[];
  talks: readonly { segment: string; agent: string; started: number; ended: number | null; ended_by: string | null }[];
  wrap_ups: readonly { agent: string; code: string; note: string; at: number }[];
  visits: readonly { flow: string; node: string; kind: string; entered: number; left: number | null; way: string; no_inputs: number; no_matches: number }[];
}

export interface ContactAnswer {
  contact: Contact;
  /** By reservation: reason, and whom it kept from being asked. */
  passed: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

const QUEUE = ["entered", "answered", "abandoned", "short_abandoned", "overflowed", "service_level", "asa", "wait_median", "wait_p90", "longest_wait", "aht"] as const;
const AGENT = ["handled", "aht", "talk", "wrap_up", "reservations", "not_answered", "declined", "ready_time", "busy_time", "break_time", "down_time", "occupancy", "utilisation"] as const;
const ENTRY = ["contacts", "contacts_answered", "contacts_self_served", "contacts_transferred", "contacts_abandoned_in_flow", "contacts_abandoned_in_queue", "contacts_overflowed", "containment"] as const;
const CENTRE = ["entered", "answered", "abandoned", "service_level", "asa", "wait_median", "wait_p90", "aht", "occupancy", "utilisation", "contacts", "containment"] as const;

export type Shown = (typeof QUEUE)[number] | (typeof AGENT)[number] | (typeof ENTRY)[number] | (typeof CENTRE)[number];

/** The columns that a screen has room for; files have all of them. */
export const COLUMNS: Readonly<Record<By, readonly Shown[]>> = { queue: QUEUE, agent: AGENT, team: AGENT, entry_point: ENTRY, centre: CENTRE };

/** Whether anything is behind a figure: nothing is behind nothing; a share of 0 is one of something. */
export function opens(value: Value, kind: Kind | undefined): boolean {
  return value !== null && (value !== 0 || kind === "share");
}

/** The way to a report, or to a file of it. */
export function reportPath(wanted: Wanted, format: "json" | "csv" = "json"): string {
  const figures = wanted.about === "figures";
  const asked = new URLSearchParams(figures ? { every: wanted.every, by: wanted.by, format } : {});
  if (wanted.about === "flows") asked.set("format", format);
  if (wanted.about === "flows" && wanted.split !== "") asked.set(wanted.split, "true");
  if (wanted.from !== "") asked.set("from", wanted.from);
  if (wanted.to !== "") asked.set("to", wanted.to);
  return `api/reports${figures ? "" : `/${wanted.about}`}?${asked.toString()}`;
}

/** The way to what is behind a figure of a line. */
export function behindPath(by: By, line: Line, figure: string, format: "json" | "csv" = "json"): string {
  const { start, end } = line.interval;
  const asked = new URLSearchParams({ start: String(start), end: String(end), by: line.name === "" && by !== "team" ? "centre" : by, name: line.name, figure, format });
  return `api/reports/segments?${asked.toString()}`;
}

/** The day of an interval, ISO. */
export function dayOf({ label }: Interval): string {
  return label.slice(0, 10);
}

/** The day at that time (seconds since the epoch) in a zone, ISO; "" if this browser does not know the zone. */
export function dayIn(zone: string, at: number): string {
  try {
    const parts = new Intl.DateTimeFormat("en", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(at * 1000);
    const of = (type: "year" | "month" | "day"): string => parts.find((part) => part.type === type)?.value ?? "";
    return `${of("year")}-${of("month")}-${of("day")}`;
  } catch (error) {
    if (error instanceof RangeError) return "";
    throw error;
  }
}

/** The wall clock at its start, "" of a whole day; with the offset where that hour comes twice. */
export function timeOf({ label }: Interval, all: readonly Line[]): string {
  const twice = all.some(({ interval }) => interval.label !== label && interval.label.slice(0, 16) === label.slice(0, 16));
  return twice ? `${label.slice(11, 16)} (${label.slice(16)})` : label.slice(11, 16);
}

/** The way to the contacts behind a figure of a flow or one of its nodes, or of a group of queues. */
export function contactsPath({ about, from, to }: Wanted, of: Readonly<Record<string, string>>, format: "json" | "csv" = "json"): string {
  const asked = new URLSearchParams({ ...of, format });
  if (from !== "") asked.set("from", from);
  if (to !== "") asked.set("to", to);
  return `api/reports/${about}/contacts?${asked.toString()}`;
}

/** A figure that was opened. */
export interface Opened {
  title: string;
  /** The way to what is behind it. */
  path: (format: "json" | "csv") => string;
  zone: string;
}
