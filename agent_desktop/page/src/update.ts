/**
 * After an update of the centre an open page is older than its server: the chunks that it has not loaded yet are gone, and only
 * a reload brings new ones. Once, as a second one would not help where the first did not.
 */

const STORED = "callwright.reloaded";
/** Milliseconds; a page that fails again after this long has met another update. */
const ONCE_IN = 60_000;
const AGAIN = 3000;

/** `busy`: she would lose something by a reload now. Called once. */
export function reloadAfterUpdates(busy: () => boolean): void {
  let waiting = false;
  window.addEventListener("vite:preloadError", () => {
    const last = Number(sessionStorage.getItem(STORED));
    if (waiting || Date.now() - last < ONCE_IN) return;
    waiting = true;
    void reload(busy);
  });
}

/** A chunk is missing too while the centre is away; a reload would then show nothing at all, so it waits for an answer. */
async function reload(busy: () => boolean): Promise<void> {
  while (busy() || !(await isThere())) await new Promise((resolve) => setTimeout(resolve, AGAIN));
  sessionStorage.setItem(STORED, String(Date.now()));
  location.reload();
}

async function isThere(): Promise<boolean> {
  try {
    return (await fetch("/", { method: "HEAD", cache: "no-store" })).ok;
  } catch {
    return false;
  }
}
