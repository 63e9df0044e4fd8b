/** Questions about the past: what the centre answers, or why there is no answer. */

export type Answer<T> =
  | { kind: "answer"; value: T }
  | { kind: "unreachable" }
  | { kind: "logged_out" }
  | { kind: "busy" }
  /** `text`: what the centre says is wrong with the question. */
  | { kind: "refused"; text: string };

interface Refusal {
  error?: { code?: string; text?: string };
}

/** Reports of a large centre take seconds; nobody waits for longer than this. */
const PATIENCE = 120_000;

export async function ask<T>(path: string, gone: AbortSignal): Promise<Answer<T>> {
  try {
    const response = await fetch(path, { signal: AbortSignal.any([gone, AbortSignal.timeout(PATIENCE)]), cache: "no-store" });
    if (response.ok) return { kind: "answer", value: (await response.json()) as T };
    if (response.status === 401) return { kind: "logged_out" };
    if (response.status === 503) return { kind: "busy" };
    const { error } = (await response.json()) as Refusal;
    return { kind: "refused", text: error?.text ?? String(response.status) };
  } catch (error) {
    // No network (TypeError), no answer in time or nobody wants it any more (DOMException), or it was no JSON (SyntaxError).
    if (error instanceof TypeError || error instanceof DOMException || error instanceof SyntaxError) return { kind: "unreachable" };
    throw error;
  }
}
