/** What every part of the page looks at: who is here, what the centre shows, how the connection is, what time it is there. */

import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { Status } from "../link/link";
import { browser, monotonic } from "../link/browser";
import { Link } from "../link/link";
import { known, named, t } from "../i18n";
import type { AgentBoard, AgentState, Call, Centre, Me, Notice, Pop, QueueBoard, Reach, Refused, Request, ServedQueue } from "../wire";
import type { SipAccount, Team, Today, User, WrapUp } from "../wire";
import { ServerClock } from "./clock";
import { EMPTY, type Feed, type StopCode } from "./feed";

export type Session =
  | { kind: "checking" }
  | { kind: "unreachable" }
  | { kind: "out"; centre: string | null }
  | { kind: "in"; user: User }
  | { kind: "stopped"; user: User; code: Exclude<StopCode, "logged_out"> };

export const session = signal<Session>({ kind: "checking" });
export const status = signal<Status>({ kind: "connecting", attempt: 0 });
export const feed = signal<Feed>(EMPTY);
/** Why the last wish was not granted; null when told long enough. */
export const refusal = signal<Refused | null>(null);

// -- the server's time ------------------------------------------------------------------------------------------------

const serverClock = new ServerClock(Date.now() / 1000, monotonic());
/** Seconds since the epoch at the server; moves four times a second, so that every timer turns over in time. */
export const now = signal(serverClock.now(monotonic()));

// -- the view ---------------------------------------------------------------------------------------------------------

function part<T>(key: string): ReadonlySignal<T | null> {
  return computed(() => (feed.value.view[key] as T | undefined) ?? null);
}

export const me = part<Me>("me");
export const state = part<AgentState>("state");
export const reach = part<Reach>("phone");
export const sip = part<SipAccount>("sip");
export const pop = part<Pop>("pop");
export const wrapUp = part<WrapUp>("wrap_up");
export const ownQueues = part<readonly ServedQueue[]>("queues");
export const leftQueues = part<readonly string[]>("left_queues");
const told = part<readonly Notice[]>("notices");
/** What happened without her doing, oldest first. */
export const notices = computed(() => told.value ?? []);
export const centre = part<Centre>("centre");
export const today = part<Today>("today");

function family<T>(prefix: string): ReadonlySignal<readonly T[]> {
  return computed(() => {
    const { view } = feed.value;
    return Object.keys(view)
      .filter((key) => key.startsWith(prefix))
      .map((key) => view[key] as T);
  });
}

/** Her calls but the one in front, if she may have several. */
export const beside = family<Call>("beside:");
export const queueBoards = family<QueueBoard>("queue:");
export const teams = family<Team>("team:");
export const agentBoards = family<AgentBoard>("agent:");

export const online = computed(() => status.value.kind === "online");

/** Why nothing can be asked of the centre now, in words; undefined while it can. */
export function offlineReason(): string | undefined {
  return online.value ? undefined : t("refused.offline");
}

// -- the connection ---------------------------------------------------------------------------------------------------

let link: Link | null = null;

/** Connects for this person. Who comes back to a stopped page finds it as it was, with the call that is still in this browser. */
export function enter(user: User): void {
  link?.stop();
  if (session.value.kind !== "stopped") feed.value = EMPTY;
  status.value = { kind: "connecting", attempt: 0 };
  session.value = { kind: "in", user };
  link = new Link(browser, {
    status(next) {
      if (next.kind === "connecting") serverClock.startOver();
      if (next.kind === "stopped") leave(user, next.code);
      status.value = next;
    },
    feed: (next) => (feed.value = next),
    beat: ({ at }) => serverClock.heard(at, monotonic()),
  });
  link.start();
}

function leave(user: User, code: StopCode): void {
  session.value = code === "logged_out" ? { kind: "out", centre: null } : { kind: "stopped", user, code };
  if (code === "logged_out") feed.value = EMPTY;
}

/** Ends the connection; the login page comes next. */
export function exit(): void {
  link?.stop();
  link = null;
  feed.value = EMPTY;
  session.value = { kind: "out", centre: null };
}

/** Lets the time run, and notices when the network or the reader is back. Called once. */
export function watchTheWorld(): void {
  setInterval(() => (now.value = serverClock.now(monotonic())), 250);
  const nudge = (): void => link?.nudge();
  window.addEventListener("online", nudge);
  document.addEventListener("visibilitychange", nudge);
}

/** Asks the centre; a refusal is shown. True if granted. */
export async function ask(request: Request): Promise<boolean> {
  if (link === null) return false;
  const answer = await link.request(request);
  if (answer.type === "granted") return true;
  refusal.value = answer;
  setTimeout(() => refusal.value === answer && (refusal.value = null), 8000);
  return false;
}

export function tellSeen(interaction: string): void {
  link?.seen(interaction);
}

export function refusalText({ code, text }: Refused): string {
  return known("refused", code) || text === "" ? named("refused", code) : t("refused.fallback", { text });
}
