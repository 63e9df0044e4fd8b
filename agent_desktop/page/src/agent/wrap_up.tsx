/** After the call, or already during it: what it was about, in one click and perhaps a sentence. */

import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { named, t } from "../i18n";
import { now, offlineReason, online, state } from "../state/store";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import { Until } from "../ui/timer";
import type { WrapUp } from "../wire";
import { breakMeant, choose, finishAsMeant, note, save, unsaved, write } from "./wrap_up_draft";

const LONGEST_NOTE = 2000;

export function WrapUpPanel({ wrap }: { wrap: WrapUp }) {
  const after = state.value?.kind === "after_call_work";
  return (
    <section class={`wrap ${after ? "" : "during"}`} aria-labelledby="wrap-title">
      <div class="wrap-head">
        <h2 id="wrap-title">{t("wrap.title")}</h2>
        {after && <Left wrap={wrap} />}
      </div>
      <Codes wrap={wrap} />
      <div class="wrap-foot">
        <Note />
        {after && <Done wrap={wrap} />}
      </div>
    </section>
  );
}

function Left({ wrap }: { wrap: WrapUp }) {
  const until = wrap.until;
  const since = state.value?.since ?? 0;
  if (until === null || until === undefined) return null;
  const left = Math.max(0, until - now.value);
  return (
    <div class={`wrap-left ${left < 10 ? "short" : ""}`}>
      <progress max={until - since} value={left} aria-hidden="true" />
      <span>
        {/* The sentence is split around the running time, so that only the time changes. */}
        {t("wrap.left", { time: "\u0000" })
          .split("\u0000")
          .flatMap((text, i) => (i === 0 ? [text] : [<Until key="time" at={until} />, text]))}
      </span>
    </div>
  );
}

function Codes({ wrap }: { wrap: WrapUp }) {
  if (wrap.codes.length === 0) return <p class="muted">{t("wrap.none")}</p>;
  const waits = offlineReason();
  return (
    <div class="codes" role="group" aria-labelledby="wrap-title">
      {wrap.codes.map((code) => (
        <button key={code} type="button" class="code" aria-pressed={wrap.chosen === code} aria-disabled={waits !== undefined || undefined} title={waits} onClick={() => waits === undefined && void choose(code)}>
          <span>{named("code", code)}</span>
          {wrap.chosen === code && <Icon name="ready" size={18} />}
        </button>
      ))}
    </div>
  );
}

/** She was typing when the call ended: the panel moves to another place, and her cursor with it. */
let typing = false;

function Note() {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const text = note();
  useLayoutEffect(() => {
    const own = field.current;
    if (typing) own?.focus();
    typing = false;
    return () => (typing = own !== null && document.activeElement === own);
  }, []);
  return (
    <div class="wrap-note">
      <label for={id}>{t("wrap.note")}</label>
      <small id={`${id}-kept`} class="muted">
        {kept()}
      </small>
      <textarea
        ref={field}
        id={id}
        aria-describedby={`${id}-kept`}
        rows={2}
        maxLength={LONGEST_NOTE}
        placeholder={t("wrap.note.hint")}
        value={text}
        onInput={(event) => write(event.currentTarget.value)}
        onBlur={() => online.value && void save()}
      />
    </div>
  );
}

/** Whether the centre has the note. */
function kept(): string {
  if (!unsaved.value) return note() === "" ? "" : t("wrap.note.saved");
  return online.value ? "" : t("wrap.note.waits");
}

function Done({ wrap }: { wrap: WrapUp }) {
  const meant = breakMeant();
  const chosen = Boolean(wrap.chosen) || wrap.codes.length === 0;
  return (
    <div class="wrap-done">
      <Button asks kind={chosen ? "primary" : "plain"} size="large" icon="ready" onClick={() => void finishAsMeant()}>
        {meant !== null ? t("wrap.done") : t(chosen ? "wrap.ready" : "wrap.skip")}
      </Button>
      {meant !== null && <p class="muted">{t("wrap.then_break", { reason: named("reason", meant) })}</p>}
    </div>
  );
}
