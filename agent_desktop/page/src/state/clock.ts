/**
 * The server's time, told by a clock that cannot jump.
 *
 * Every timer on the page counts from a moment of the server's clock, and the machine's own clock may be minutes off or be
 * set while she works. So the page measures with a monotonic clock how far it has come since the server last told the time.
 * A message that was slow on its way makes the server look late, never early: of the last samples, the latest time is the
 * best one.
 */

const SAMPLES = 12;

export class ServerClock {
  private offsets: number[] = [];
  private fresh = true;
  private readonly fallback: number;

  /** `guess` is the machine's own time at `monotonic`; it serves until the server tells the time. Seconds. */
  constructor(guess: number, monotonic: number) {
    this.fallback = guess - monotonic;
  }

  /** The server said that it was `at` when we read `monotonic`. */
  heard(at: number, monotonic: number): void {
    if (this.fresh) this.offsets = [];
    this.fresh = false;
    this.offsets.push(at - monotonic);
    if (this.offsets.length > SAMPLES) this.offsets.shift();
  }

  /** The connection is a new one: the machine may have slept, so what was heard before counts no longer after the next beat. */
  startOver(): void {
    this.fresh = true;
  }

  /** Seconds since the Unix epoch at the server, when the monotonic clock says `monotonic`. */
  now(monotonic: number): number {
    const offset = this.offsets.length > 0 ? Math.max(...this.offsets) : this.fallback;
    return monotonic + offset;
  }
}
