/** One soft note when a message is offered to her: it is no call, and no phone rings. */

import { effect } from "@preact/signals";
import { chime } from "../phone/ring";
import { calls } from "./calls";

/** Called once. */
export function chimeForMessages(): void {
  let last = "";
  effect(() => {
    const offered = calls.value.find(({ pop }) => pop.phase === "offered")?.pop.interaction ?? "";
    if (offered !== "" && offered !== last) chime();
    last = offered;
  });
}
