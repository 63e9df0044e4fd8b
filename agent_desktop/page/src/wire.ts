/**
 * What travels between the page and the centre: desktop protocol, version 1.
 * Times are seconds since the Unix epoch by the server's clock. What may be missing may be null as well.
 */

export const VERSION = 1;

export type Role = "agent" | "supervisor";
export type PhoneKind = "desk" | "browser";
export type Label = Readonly<Record<string, string>>;
type Maybe<T> = T | null | undefined;

export interface User {
  id: string;
  name: string;
  role: Role;
}

// -- the agent's view -------------------------------------------------------------------------------------------------

export interface Phone {
  kind: PhoneKind;
  click_to_answer: boolean;
}

export interface Me {
  id: string;
  name: string;
  phones: readonly Phone[];
  phone: PhoneKind;
  break_reasons: readonly string[];
  /** Seconds, of those that have a limit. */
  break_limits?: Maybe<Readonly<Record<string, number>>>;
  /** So many calls she may have at once. */
  capacity?: Maybe<number>;
  languages?: readonly string[];
  centre?: string;
}

export type StateKind = "logged_out" | "not_ready" | "ready" | "reserved" | "busy" | "after_call_work";

export interface Resume {
  kind: "ready" | "break";
  reason?: Maybe<string>;
}

export interface AgentState {
  kind: StateKind;
  since: number;
  reason?: Maybe<string>;
  until?: Maybe<number>;
  resume?: Maybe<Resume>;
  /** At `until` she is Ready again by herself; else that is when her break has lasted long enough. */
  returns?: Maybe<boolean>;
}

/** Whether the PBX reaches the phone she chose; null: not known. */
export interface Reach {
  reachable: boolean | null;
  /** By a call that is none of ours. */
  in_use: boolean;
  /** `taken`: over, by another process. */
  pbx: "connected" | "away" | "taken";
}

/** How the browser itself registers as a phone. */
export interface SipAccount {
  uri: string;
  user: string;
  password: string;
  ws_url: string;
  realm?: Maybe<string>;
}

export interface Bill {
  number: string;
  /** ISO 8601 date. */
  due: string;
  /** A decimal, such as "120.50". */
  amount: string;
  currency: string;
  paid: boolean;
}

export interface Contact {
  at: number;
  channel: string;
  summary: string;
  /** How it ended, if it came through Callwright: then the page says what was, else the summary does. */
  outcome?: Maybe<string>;
  queue?: Maybe<Label>;
  agents?: Maybe<readonly string[]>;
  codes?: Maybe<readonly string[]>;
  note?: Maybe<string>;
}

export interface Customer {
  status: "pending" | "known" | "unknown" | "unavailable";
  /** He typed his customer number; without it only the caller id speaks for him, which proves nothing. */
  typed?: Maybe<boolean>;
  /** He has proved by a PIN that he is this customer. */
  verified?: Maybe<boolean>;
  id?: Maybe<string>;
  name?: Maybe<string>;
  company?: Maybe<string>;
  language?: Maybe<string>;
  note?: Maybe<string>;
  balance?: Maybe<string>;
  currency?: Maybe<string>;
  url?: Maybe<string>;
  bills?: Maybe<readonly Bill[]>;
  contacts?: Maybe<readonly Contact[]>;
}

export interface PathStep {
  node: string;
  label: Label;
  said?: Maybe<string>;
}

/** `offered`, `in_hand`: work that nobody is on the line for, such as a message that was left. */
export type Phase = "ringing" | "connecting" | "talking" | "wrap_up" | "offered" | "in_hand";

export interface Pop {
  interaction: string;
  caller: { number: string; name?: Maybe<string> };
  customer: Customer;
  entry_point?: Maybe<string>;
  queue: string;
  queue_label?: Maybe<Label>;
  path?: Maybe<readonly PathStep[]>;
  arrived: number;
  /** Seconds until he was given to her. */
  waited: number;
  phase: Phase;
  since: number;
  /** The message that was left, of a task. */
  voicemail?: Maybe<string>;
  /** What the flow has her see of him. */
  shown?: Maybe<readonly { label: Label; text: string }[]>;
}

export interface WrapUp {
  interaction: string;
  codes: readonly string[];
  chosen?: Maybe<string>;
  note?: Maybe<string>;
  until?: Maybe<number>;
  /** Seconds that she gets when she asks for more time; none: she need not, or cannot. */
  extension?: Maybe<number>;
  extensions_left?: Maybe<number>;
  /** Whether she is asked if the matter is settled, and what she has said. */
  ask_solved?: Maybe<boolean>;
  solved?: Maybe<boolean>;
}

/** One of her calls. */
export interface Call {
  pop: Pop;
  wrap_up?: Maybe<WrapUp>;
}

export interface OwnQueue {
  name: string;
  label?: Maybe<Label>;
  waiting: number;
  longest_since?: Maybe<number>;
  /** She may leave it, and join it again. */
  optional?: Maybe<boolean>;
}

/** A queue as its agents see it: with whom she may take out of turn, if she may. */
export interface ServedQueue extends OwnQueue {
  callers?: Maybe<readonly QueueCaller[]>;
}

export interface QueueCaller {
  interaction: string;
  number: string;
  name?: Maybe<string>;
  since: number;
}

export interface Notice {
  code: string;
  at: number;
  /** Who has done it, by name, if somebody has. */
  by?: Maybe<string>;
  /** The reason of a break, or the name of a queue. */
  what?: Maybe<string>;
}

// -- the supervisor's view ---------------------------------------------------------------------------------------------

export interface Centre {
  name: string;
  pbx: readonly { node: string; connected: boolean; taken: boolean }[];
  since: number;
  break_reasons: readonly string[];
  /** Of its days, an IANA name. */
  zone?: Maybe<string>;
  /** Why a part does not work as it should: `storage`, `voice`, or `phones:NODE`. */
  troubles?: Maybe<Readonly<Record<string, string>>>;
}

export interface WaitingCaller {
  interaction: string;
  number: string;
  name?: Maybe<string>;
  since: number;
  state: "waiting" | "ringing";
  /** The agents whose phones ring for him, by name. */
  rings_at?: Maybe<readonly string[]>;
  /** Seconds by which a supervisor has brought him forward. */
  head_start?: Maybe<number>;
}

/** One of an agent's calls. */
export interface BoardCall {
  interaction: string;
  number: string;
  name?: Maybe<string>;
  phase: Phase;
  since: number;
}

export interface QueueBoard extends OwnQueue, Outcomes {
  ready: number;
  talking: number;
  entered: number;
  /** 0 to 1; null before the first answer. */
  service_level: number | null;
  /** Seconds. */
  asa: number | null;
  wait_median: number | null;
  wait_p90: number | null;
  /** Left by callers, and nobody has them in hand. */
  messages: number;
  oldest_message: number | null;
  callers: readonly WaitingCaller[];
}

export interface AgentBoard {
  id: string;
  name: string;
  state: AgentState;
  skills: Readonly<Record<string, number>>;
  phone: PhoneKind;
  phone_reachable?: Maybe<boolean>;
  phone_in_use: boolean;
  handled: number;
  /** 0 to 1. */
  occupancy: number | null;
  /** Empty: none. */
  team: string;
  /** Seconds of today in each state, without the present stay, which has lasted since `times_since`. */
  times: Readonly<Partial<Record<StateKind, number>>>;
  times_since: number;
  /** Why she is not asked though she waits for a call; else empty. */
  out_of_reach?: Maybe<string>;
  /** Why she cannot be asked for anybody now; empty if she can. */
  unavailable?: Maybe<string>;
  /** Those whose callers she can serve. */
  queues?: Maybe<readonly string[]>;
  left_queues?: Maybe<readonly string[]>;
  with?: Maybe<{ number: string; name?: Maybe<string> }>;
  calls?: Maybe<readonly BoardCall[]>;
}

/** How a stay in a queue ended, and how many did today; together with who still waits they are those who entered. */
export interface Outcomes {
  answered: number;
  abandoned: number;
  short_abandoned: number;
  overflowed: number;
  callback_requested: number;
  withdrawn: number;
  failed: number;
}

export interface Today extends Outcomes {
  entered: number;
  waiting: number;
  in_flow: number;
  talking: number;
  ledger_ok: boolean;
  service_level: number | null;
  /** Seconds. */
  asa: number | null;
  wait_median: number | null;
  wait_p90: number | null;
  longest_since: number | null;
}

/** A team, now and today; the one without a name is of agents who have no team. */
export interface Team {
  name: string;
  agents: number;
  states: Readonly<Partial<Record<StateKind, number>>>;
  handled: number;
  /** 0 to 1, of today. */
  occupancy: number | null;
}

// -- frames -----------------------------------------------------------------------------------------------------------

export type View = Readonly<Record<string, unknown>>;

export interface Welcome {
  type: "welcome";
  version: number;
  user: User;
  stream: string;
  seq: number;
  view: View;
}

export interface Resumed {
  type: "resumed";
  version: number;
  user: User;
  stream: string;
  seq: number;
}

export interface Change {
  type: "change";
  seq: number;
  set?: View;
  unset?: readonly string[];
}

export interface Granted {
  type: "granted";
  id: string;
}

export interface Refused {
  type: "refused";
  id: string;
  code: string;
  text: string;
}

export interface Failure {
  type: "error";
  code: string;
  text: string;
}

export interface Beat {
  type: "beat";
  at: number;
}

export type ServerFrame = Welcome | Resumed | Change | Granted | Refused | Failure | Beat;

export type Request =
  | { verb: "log_in"; phone: PhoneKind }
  | { verb: "log_out" | "become_ready" | "answer_call" | "decline_call" }
  | { verb: "hang_up_call" | "extend_wrap_up" | "finish_wrap_up" | "return_task"; interaction: string }
  | { verb: "take_break"; reason: string }
  | { verb: "pull_call"; interaction: string }
  | { verb: "leave_queue" | "join_queue"; queue: string }
  | { verb: "prioritise"; interaction: string; head_start: number }
  | { verb: "assign"; interaction: string; agent: string }
  | { verb: "move_call"; interaction: string; queue: string }
  | { verb: "set_ready" | "set_logged_out"; agent: string }
  | { verb: "set_on_break"; agent: string; reason: string }
  | { verb: "set_in_queue"; agent: string; queue: string; inside: boolean }
  | { verb: "choose_wrap_up"; code: string; note: string; interaction: string; solved: boolean | null };

export type ClientFrame =
  | { type: "authenticate"; version: number; ticket: string; resume?: { stream: string; seq: number } }
  | ({ type: "request"; id: string } & Request)
  | { type: "seen"; pop: string };

const KNOWN = new Set(["welcome", "resumed", "change", "granted", "refused", "error", "beat"]);

/** One text frame of the server, or null if it is not one of this protocol's. */
export function readFrame(text: string): ServerFrame | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null || !("type" in value)) return null;
  return typeof value.type === "string" && KNOWN.has(value.type) ? (value as ServerFrame) : null;
}

// -- messages of callers, over HTTP (docs/voicemail.md) ---------------------------------------------------------------

export interface Deed {
  by: string;
  at: number;
}

export interface Voicemail {
  id: string;
  state: "pending" | "kept" | "lost";
  at: number;
  seconds: number;
  /** Empty if the number was withheld. */
  caller: string;
  queue?: string;
  label?: Label;
  customer?: { id: string; name: string };
  heard?: Deed;
  done?: Deed;
}

export type VoicemailVerb = "heard" | "done" | "undone" | "remove";
