/** All her calls, and the one that the middle of the desktop shows. */

import { computed, effect, signal } from "@preact/signals";
import { beside, pop, wrapUp } from "../state/store";
import type { Call } from "../wire";
import { asks, followed, inOrder, NOTHING, selected } from "./selection";

export const calls = computed<readonly Call[]>(() => {
  const front = pop.value;
  if (front === null) return [];
  return inOrder([{ pop: front, wrap_up: wrapUp.value }, ...beside.value]);
});

const selection = signal(NOTHING);

/** The calls for which `selection` holds; one step behind `calls`, for as long as an effect takes. */
const followedCalls = signal<readonly Call[]>([]);

export const current = computed(() => selected(selection.value, followedCalls.value));

/** Of all her calls, the one that rings or is offered. */
export const asking = computed(() => calls.value.find(({ pop }) => asks(pop.phase)) ?? null);

export function look(interaction: string): void {
  selection.value = { chosen: interaction, front: "" };
}

/** Called once. `typing`: whether she is at a note just now. */
export function followTheCalls(typing: () => boolean): void {
  effect(() => {
    const next = calls.value;
    selection.value = followed(selection.peek(), followedCalls.peek(), next, typing());
    followedCalls.value = next;
  });
}
