/** A question that is asked again when it changes; an answer that comes too late is thrown away. */

import { useEffect, useState } from "preact/hooks";
import { type Answer, ask } from "./ask";

/** null while nobody has answered. `path` null: nothing is asked. `again` counts presses on "Try again". */
export function useAnswer<T>(path: string | null, again = 0): Answer<T> | null {
  const [answer, setAnswer] = useState<Answer<T> | null>(null);
  useEffect(() => {
    setAnswer(null);
    if (path === null) return undefined;
    const gone = new AbortController();
    void ask<T>(path, gone.signal).then((found) => {
      if (!gone.signal.aborted) setAnswer(found);
    });
    return () => gone.abort();
  }, [path, again]);
  return answer;
}
