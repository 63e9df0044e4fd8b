/** How a break stands to the time that it may take. */

import type { AgentState } from "../wire";

/** `free`: no limit, or no break. `left`: within it. `over`: longer than it may be. `returns`: a pause that ends by itself. */
export type BreakTime = "free" | "left" | "over" | "returns";

export function breakTime(state: AgentState, now: number): BreakTime {
  if (state.kind !== "not_ready" || typeof state.until !== "number") return "free";
  if (state.returns) return "returns";
  return now < state.until ? "left" : "over";
}
