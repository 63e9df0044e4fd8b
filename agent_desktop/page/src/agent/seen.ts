/** Tells the centre that a pop stands on her screen: after the browser has painted it, and once per call. */

import { useEffect, useRef } from "preact/hooks";
import { online, tellSeen } from "../state/store";
import { current } from "./calls";

export function useSeen(): void {
  const told = useRef("");
  const interaction = current.value?.pop.interaction ?? "";
  const connected = online.value;
  useEffect(() => {
    if (interaction === "" || !connected || told.current === interaction) return;
    // The frame callback runs before its frame is painted; a message posted from it is handled after the painting.
    const frame = requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        told.current = interaction;
        tellSeen(interaction);
      };
      port2.postMessage(null);
    });
    return () => cancelAnimationFrame(frame);
  }, [interaction, connected]);
}
