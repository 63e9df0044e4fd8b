/** The few HTTP routes: who am I, log in, log out, a ticket for the socket. The session itself is a cookie that no script sees. */

import type { Ticket } from "./link/link";
import type { User, Voicemail, VoicemailVerb } from "./wire";

export type LoginAnswer =
  | { kind: "in"; user: User }
  | { kind: "wrong_password" }
  | { kind: "locked_out"; seconds: number }
  | { kind: "unreachable" }
  | { kind: "failed"; code: string };

interface Body {
  user?: User;
  ticket?: string;
  centre?: string;
  voicemails?: readonly Voicemail[];
  voicemail?: Voicemail;
  error?: { code: string; seconds?: number };
}

interface Reply {
  status: number;
  body: Body;
}

/** A reply without a status (0) means that the centre was not reached. */
async function call(method: "GET" | "POST", path: string, body?: unknown): Promise<Reply> {
  try {
    const init: RequestInit = { method, signal: AbortSignal.timeout(8000), cache: "no-store" };
    if (method === "POST") {
      init.headers = { "Content-Type": "application/json", "X-Callwright": "1" };
      init.body = JSON.stringify(body ?? {});
    }
    const response = await fetch(path, init);
    return { status: response.status, body: await json(response) };
  } catch (error) {
    // What fetch says when there is no network (TypeError) or no answer in time (TimeoutError).
    if (error instanceof TypeError || error instanceof DOMException) return { status: 0, body: {} };
    throw error;
  }
}

async function json(response: Response): Promise<Body> {
  if (!response.headers.get("Content-Type")?.startsWith("application/json")) return {};
  return (await response.json()) as Body;
}

export type Who = { kind: "in"; user: User } | { kind: "out"; centre: string | null } | { kind: "unreachable" };

export async function whoAmI(): Promise<Who> {
  const { status, body } = await call("GET", "api/me");
  if (status === 200 && body.user !== undefined) return { kind: "in", user: body.user };
  if (status === 401) return { kind: "out", centre: body.centre ?? null };
  return { kind: "unreachable" };
}

export async function logIn(user: string, password: string): Promise<LoginAnswer> {
  const { status, body } = await call("POST", "api/login", { user, password });
  if (status === 200 && body.user !== undefined) return { kind: "in", user: body.user };
  if (status === 0) return { kind: "unreachable" };
  if (status === 401) return { kind: "wrong_password" };
  if (status === 429) return { kind: "locked_out", seconds: Math.ceil(body.error?.seconds ?? 60) };
  return { kind: "failed", code: body.error?.code ?? String(status) };
}

export async function logOut(): Promise<void> {
  await call("POST", "api/logout");
}

export async function ticket(): Promise<Ticket> {
  const { status, body } = await call("POST", "api/ticket");
  if (status === 200 && body.ticket !== undefined) return { kind: "ticket", ticket: body.ticket };
  return status === 401 ? { kind: "not_logged_in" } : { kind: "unreachable" };
}

/** What callers have left, the newest first; null if the centre does not say. */
export async function voicemails(withDone: boolean): Promise<readonly Voicemail[] | null> {
  const { status, body } = await call("GET", `api/voicemails?done=${String(withDone)}`);
  return status === 200 ? (body.voicemails ?? []) : null;
}

/** One of them; null if the centre does not say, or it is gone. */
export async function voicemail(id: string): Promise<Voicemail | null> {
  const { status, body } = await call("GET", `api/voicemails/${encodeURIComponent(id)}`);
  return status === 200 ? (body.voicemail ?? null) : null;
}

export async function changeVoicemail(id: string, verb: VoicemailVerb): Promise<boolean> {
  const { status } = await call("POST", `api/voicemails/${encodeURIComponent(id)}/${verb}`);
  return status === 200 || status === 404; // somebody else has deleted it: the list will show that
}
