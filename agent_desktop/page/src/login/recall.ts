/** The centre's name for the login page, which nobody tells a stranger: this browser remembers where it was last. */

import { effect } from "@preact/signals";
import { centre, me } from "../state/store";

const STORED = "callwright.centre";

export function recalledCentre(): string | null {
  return localStorage.getItem(STORED);
}

/** Called once. */
export function rememberCentre(): void {
  effect(() => {
    const name = me.value?.centre ?? centre.value?.name;
    if (name) localStorage.setItem(STORED, name);
  });
}
