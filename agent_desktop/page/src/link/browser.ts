/** The browser's side of a connection: WebSocket, timers, chance. */

import { ticket } from "../api";
import type { Socket, SocketEvents, Surroundings } from "./link";

export const monotonic = (): number => performance.now() / 1000;

export const browser: Surroundings = {
  ticket,
  connect,
  later(seconds, then) {
    const timer = setTimeout(then, seconds * 1000);
    return () => clearTimeout(timer);
  },
  now: monotonic,
  random: Math.random,
};

function connect(events: SocketEvents): Socket {
  const url = new URL("ws", document.baseURI);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url);
  socket.onopen = () => events.opened();
  socket.onmessage = ({ data }) => {
    if (typeof data === "string") events.heard(data);
  };
  socket.onclose = () => events.closed();
  return {
    send(text) {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: () => socket.close(),
  };
}
