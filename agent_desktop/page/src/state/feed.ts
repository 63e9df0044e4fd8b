/**
 * The page's copy of what the centre shows this person, kept by numbered changes.
 *
 *     welcome --> the whole view, at number seq
 *     change  --> number seq + 1 exactly; anything else means that something was lost, and the copy is worth nothing
 *     resumed --> what we have is still right; the missed changes follow
 *
 * Pure: a frame in, the next copy and what the connection has to do out.
 */

import type { ServerFrame, User, View } from "../wire";
import { VERSION } from "../wire";

export interface Feed {
  user: User | null;
  /** The server's name for this numbering; empty before the first welcome. */
  stream: string;
  seq: number;
  view: View;
}

export const EMPTY: Feed = { user: null, stream: "", seq: 0, view: {} };

/** What the connection has to do next. */
export type Next =
  | { kind: "go_on" }
  /** The view stands on the screen and is right. */
  | { kind: "online" }
  /** Connect again, and ask for the whole view. */
  | { kind: "start_over" }
  /** Do not connect again by yourself. */
  | { kind: "stop"; code: StopCode };

/** Why the page stops asking: her session is over, another window took her place, the page is too old, or it is not let in. */
export type StopCode = "logged_out" | "replaced" | "version" | "origin";

const STOPS: Readonly<Record<string, StopCode>> = {
  logged_out: "logged_out",
  replaced: "replaced",
  version: "version",
  origin: "origin",
};

const GO_ON: Next = { kind: "go_on" };
const START_OVER: Next = { kind: "start_over" };

export function receive(feed: Feed, frame: ServerFrame): [Feed, Next] {
  switch (frame.type) {
    case "welcome":
      if (frame.version !== VERSION) return [feed, { kind: "stop", code: "version" }];
      return [{ user: frame.user, stream: frame.stream, seq: frame.seq, view: frame.view }, { kind: "online" }];
    case "resumed":
      if (frame.stream !== feed.stream || frame.user.id !== feed.user?.id) return [EMPTY, START_OVER];
      return [{ ...feed, user: frame.user }, { kind: "online" }];
    case "change":
      if (frame.seq !== feed.seq + 1) return [{ ...feed, stream: "" }, START_OVER];
      return [{ ...feed, seq: frame.seq, view: changed(feed.view, frame.set, frame.unset) }, GO_ON];
    case "error": {
      const code = STOPS[frame.code];
      return code === undefined ? [feed, GO_ON] : [feed, { kind: "stop", code }];
    }
    case "granted":
    case "refused":
    case "beat":
      return [feed, GO_ON];
  }
}

function changed(view: View, set: View = {}, unset: readonly string[] = []): View {
  const next: Record<string, unknown> = { ...view, ...set };
  for (const key of unset) delete next[key];
  return next;
}
