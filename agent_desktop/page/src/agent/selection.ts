/**
 * Which of her calls she looks at, out of what she chose and what happened.
 *
 * A call that rings comes to the front by itself, but not while she types: her note keeps the place and the cursor, and the call
 * shows above it, as does a message that is offered to her meanwhile. What she has answered or taken always comes. When the call in front is gone, she is back at what she had chosen.
 * Pure.
 */

import type { Call, Phase } from "../wire";

export interface Selection {
  /** By her own hand; may be gone. */
  chosen: string;
  /** Came by itself; may be gone. */
  front: string;
}

export const NOTHING: Selection = { chosen: "", front: "" };

const ORDER: readonly Phase[] = ["ringing", "connecting", "talking", "offered", "in_hand", "wrap_up"];

/** What rings first, then the talks, then messages, then what is to be written up; the longest of each first. */
export function inOrder(calls: readonly Call[]): readonly Call[] {
  return [...calls].sort((a, b) => ORDER.indexOf(a.pop.phase) - ORDER.indexOf(b.pop.phase) || a.pop.since - b.pop.since);
}

/** The calls are others now, or others of phase. */
export function followed(selection: Selection, before: readonly Call[], calls: readonly Call[], typing: boolean): Selection {
  const looked = selected(selection, before)?.pop.interaction ?? "";
  const here = calls.some(({ pop }) => pop.interaction === looked);
  const rings = calls.find(({ pop }) => pop.phase === "ringing" && phaseIn(before, pop.interaction) === undefined);
  const answered = calls.find(({ pop }) => taken(pop.phase) && asks(phaseIn(before, pop.interaction)));
  const comes = answered ?? (typing && here ? undefined : rings);
  // What she looked at without having chosen it (her only call) is what she comes back to.
  if (comes !== undefined) return { chosen: kept(selection.chosen, calls) || (here ? looked : ""), front: comes.pop.interaction };
  if (typing && here) return { ...selection, front: looked };
  return selection;
}

/** The call that she looks at; of `calls` in their order. */
export function selected({ chosen, front }: Selection, calls: readonly Call[]): Call | null {
  const by = (interaction: string): Call | undefined => calls.find(({ pop }) => pop.interaction === interaction);
  return by(front) ?? by(chosen) ?? calls[0] ?? null;
}

function kept(interaction: string, calls: readonly Call[]): string {
  return calls.some(({ pop }) => pop.interaction === interaction) ? interaction : "";
}

function phaseIn(calls: readonly Call[], interaction: string): Phase | undefined {
  return calls.find(({ pop }) => pop.interaction === interaction)?.pop.phase;
}

/** It waits for her yes or no. */
export function asks(phase: Phase | undefined): boolean {
  return phase === "ringing" || phase === "offered";
}

function taken(phase: Phase): boolean {
  return phase === "connecting" || phase === "talking" || phase === "in_hand";
}
