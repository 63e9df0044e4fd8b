/** Where a list opens whose button stands in something that scrolls and would clip it: in the window, not in the page. */

import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

/** Pixels between the list and its button, and between the list and the window's edges. */
const GAP = 6;
const EDGE = 8;
/** It is not made lower than this, as long as the window is that high. */
const LEAST = 160;

export interface Box {
  left: number;
  top: number;
  maxHeight: number;
}

interface Size {
  width: number;
  height: number;
}

/** Ends where its button ends; below it, or above it where it does not fit below and there is more room above. */
export function beside(opener: { top: number; bottom: number; right: number }, list: Size, window: Size): Box {
  const below = window.height - opener.bottom - GAP - EDGE;
  const above = opener.top - GAP - EDGE;
  const up = list.height > below && above > below;
  const maxHeight = Math.min(list.height, Math.max(up ? above : below, Math.min(LEAST, window.height - 2 * EDGE)));
  const wished = up ? opener.top - GAP - maxHeight : opener.bottom + GAP;
  return {
    left: Math.max(EDGE, Math.min(opener.right, window.width - EDGE) - list.width),
    top: Math.max(EDGE, Math.min(wished, window.height - EDGE - maxHeight)),
    maxHeight,
  };
}

/** Keeps the list at its button while it is open, whatever is scrolled. */
export function useFloating(open: boolean, opener: RefObject<HTMLElement | null>, list: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    if (!open) return;
    const place = (event?: Event): void => {
      const [button, shown] = [opener.current, list.current];
      if (button === null || shown === null || event?.target === shown) return;
      const { left, top, maxHeight } = beside(
        button.getBoundingClientRect(),
        { width: shown.offsetWidth, height: shown.scrollHeight + shown.offsetHeight - shown.clientHeight },
        { width: document.documentElement.clientWidth, height: document.documentElement.clientHeight },
      );
      Object.assign(shown.style, { left: `${left}px`, top: `${top}px`, maxHeight: `${maxHeight}px` });
    };
    place();
    addEventListener("scroll", place, true);
    addEventListener("resize", place);
    return () => {
      removeEventListener("scroll", place, true);
      removeEventListener("resize", place);
    };
  }, [open]);
}
