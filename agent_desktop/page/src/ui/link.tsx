/** How the connection to the centre is: a small lamp always, a banner when it is lost. */

import { t } from "../i18n";
import { status } from "../state/store";

export function LinkLamp() {
  const kind = status.value.kind;
  const text = kind === "online" ? t("link.online") : t("link.lost");
  return (
    <span class={`lamp ${kind === "online" ? "good" : "bad"}`} title={text}>
      <span class="lamp-text">{text}</span>
    </span>
  );
}

export function LinkBanner({ hint }: { hint: string }) {
  const lost = status.value.kind !== "online";
  return (
    <div role="status" class="banner-place">
      {lost && (
        <p class="banner lost">
          <span class="spinner" />
          <strong>{t("link.banner")}</strong> <span>{hint}</span>
        </p>
      )}
    </div>
  );
}
