/** A word with an explanation behind it, for the mouse, the keyboard and the screen reader alike. Escape closes it. */

import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

export function Hint({ why, children }: { why: string; children: ComponentChildren }) {
  const id = useId();
  return (
    <span class="hint">
      <button type="button" aria-describedby={id} onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}>
        {children}
      </button>
      <span class="hint-text" role="tooltip" id={id}>
        {why}
      </span>
    </span>
  );
}
