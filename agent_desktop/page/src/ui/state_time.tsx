/** The time beside an agent's state: how long it lasts, or what is left of a break, or by how much that is over. */

import { useComputed } from "@preact/signals";
import { now } from "../state/store";
import type { AgentState } from "../wire";
import { breakTime } from "./break_time";
import { Since, Until } from "./timer";

export function StateTime({ state }: { state: AgentState }) {
  const time = useComputed(() => breakTime(state, now.value)).value;
  if (state.kind === "logged_out") return null;
  const until = state.until;
  if (time === "free" || typeof until !== "number") return <Since at={state.since} />;
  return time === "over" ? (
    <span class="over-time">
      +<Since at={until} />
    </span>
  ) : (
    <Until at={until} />
  );
}
