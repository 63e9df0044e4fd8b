/** What happened to her without her doing: a call missed, a caller who hung up. Goes when she says so, or after a while if it asks nothing of her. */

import { signal } from "@preact/signals";
import { named, t } from "../i18n";
import { now } from "../state/store";
import { Icon } from "../ui/icon";
import type { Notice } from "../wire";

const PASSING = new Set(["caller_hung_up"]);
const PASSING_SECONDS = 30;

const dismissed = signal(0);

export function Notices({ notice }: { notice: Notice | null }) {
  const shown = notice !== null && notice.at > dismissed.value && !(PASSING.has(notice.code) && now.value - notice.at > PASSING_SECONDS);
  return (
    <div role="status" class="notice-place">
      {shown && (
        <div class="note warn">
          <Icon name="info" />
          <p>{named("notice", notice.code)}</p>
          <button type="button" class="button quiet normal" aria-label={t("notice.dismiss")} title={t("notice.dismiss")} onClick={() => (dismissed.value = notice.at)}>
            <Icon name="close" size={18} />
          </button>
        </div>
      )}
    </div>
  );
}
