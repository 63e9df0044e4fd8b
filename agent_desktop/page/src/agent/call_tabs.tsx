/** Who may have several calls sees them all in one row, and chooses which one the desktop shows. */

import { t } from "../i18n";
import { me } from "../state/store";
import { Icon } from "../ui/icon";
import { PHASE_ICONS, phaseWord } from "../ui/state";
import { Since, Until } from "../ui/timer";
import type { Call } from "../wire";
import { caller } from "./caller";
import { calls, current, look } from "./calls";

export function CallTabs() {
  const all = calls.value;
  // With a place for several it stands there from the first call on, so that the second moves nothing.
  if (all.length === 0 || (all.length === 1 && (me.value?.capacity ?? 1) === 1)) return null;
  return (
    <nav class="call-tabs" aria-label={t("calls.title")}>
      {all.map((call) => (
        <Tab key={call.pop.interaction} call={call} />
      ))}
    </nav>
  );
}

function Tab({ call: { pop, wrap_up } }: { call: Call }) {
  const here = current.value?.pop.interaction === pop.interaction;
  const until = pop.phase === "wrap_up" ? wrap_up?.until : null;
  return (
    <button type="button" class={`call-tab in-${pop.phase}`} title={caller(pop)} aria-current={here ? "true" : undefined} onClick={() => look(pop.interaction)}>
      <Icon name={PHASE_ICONS[pop.phase]} size={22} />
      <span class="call-tab-words">
        <strong dir="auto">{caller(pop)}</strong>
        <small>{phaseWord(pop.phase)}</small>
      </span>
      {typeof until === "number" ? <Until at={until} /> : <Since at={pop.since} />}
    </button>
  );
}
