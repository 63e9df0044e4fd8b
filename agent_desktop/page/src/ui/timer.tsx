/** Running times, by the server's clock. Only the text node changes when a second has passed. */

import { useComputed, useSignal } from "@preact/signals";
import { clock } from "../format";
import { now } from "../state/store";

/** How long since a moment. */
export function Since({ at }: { at: number }) {
  const from = useSignal(at);
  from.value = at;
  const text = useComputed(() => clock(now.value - from.value));
  return <span class="time">{text}</span>;
}

/** How long until a moment; 0:00 when it has come. */
export function Until({ at }: { at: number }) {
  const to = useSignal(at);
  to.value = at;
  const text = useComputed(() => clock(Math.ceil(to.value - now.value)));
  return <span class="time">{text}</span>;
}
