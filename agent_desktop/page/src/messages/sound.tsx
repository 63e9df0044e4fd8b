/** The player of one message; to play it is to have heard it. */

import { t } from "../i18n";
import type { Voicemail } from "../wire";
import { change } from "./store";

export function Sound({ message, who }: { message: Voicemail; who: string }) {
  if (message.state !== "kept") return <p class="muted">{t(message.state === "lost" ? "messages.lost" : "messages.pending")}</p>;
  return (
    <audio
      controls
      preload="none"
      src={`api/voicemails/${encodeURIComponent(message.id)}/audio`}
      aria-label={t("messages.play", { who })}
      onPlay={() => {
        if (message.heard === undefined) void change(message.id, "heard");
      }}
    />
  );
}
