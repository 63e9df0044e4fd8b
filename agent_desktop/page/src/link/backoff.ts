/** How long to wait before the next attempt to connect. */

const SHORTEST = 0.3;
const LONGEST = 5;

/**
 * Seconds before attempt number `attempt` (0 is the first after a loss). The ceiling doubles, and where below it the wait
 * lies is chance, so that all the desktops of a centre do not return in the same moment. `random` lies in [0, 1).
 */
export function pause(attempt: number, random: number): number {
  const ceiling = Math.min(LONGEST, SHORTEST * 2 ** (attempt + 1));
  return SHORTEST + random * (ceiling - SHORTEST);
}
