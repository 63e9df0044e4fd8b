/** Asks for the microphone before the first call comes, and says why there is none. */

import type { Microphone } from "./model";

export async function askForMicrophone(): Promise<Microphone> {
  // Only a secure context (https, or localhost) has mediaDevices at all, whatever the type says.
  if (!window.isSecureContext) return "insecure";
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    for (const track of stream.getTracks()) track.stop();
    return "granted";
  } catch (error) {
    return whyNot(error);
  }
}

/** W3C Media Capture: the names of the errors of getUserMedia. */
export function whyNot(error: unknown): Microphone {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  return name === "NotFoundError" || name === "OverconstrainedError" || name === "NotReadableError" ? "missing" : "denied";
}
