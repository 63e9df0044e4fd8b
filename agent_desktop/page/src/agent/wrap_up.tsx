/** After the call, or already during it: what it was about, in one click and perhaps a sentence. */

import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { clock } from "../format";
import { count, named, t } from "../i18n";
import { ask, me, now, offlineReason, online, state } from "../state/store";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import { Since, Until } from "../ui/timer";
import type { Pop, WrapUp } from "../wire";
import { calls } from "./calls";
import { afterwards } from "./afterwards";
import { choose, done, note, save, unsaved, write } from "./wrap_up_draft";

const LONGEST_NOTE = 2000;

export function WrapUpPanel({ pop, wrap }: { pop: Pop; wrap: WrapUp }) {
  const after = pop.phase === "wrap_up";
  return (
    <section class={`wrap ${after ? "" : "during"}`} aria-labelledby="wrap-title">
      <div class="wrap-head">
        <h2 id="wrap-title">{t("wrap.title")}</h2>
        {after && <Time since={pop.since} wrap={wrap} />}
      </div>
      <Codes wrap={wrap} />
      {wrap.ask_solved && <Solved wrap={wrap} />}
      <div class="wrap-foot">
        <Note wrap={wrap} />
        {after && <Done wrap={wrap} />}
      </div>
    </section>
  );
}

/** What is left of it, and how to get more; without a limit, how long it has taken. */
function Time({ since, wrap }: { since: number; wrap: WrapUp }) {
  const { until } = wrap;
  if (typeof until !== "number") {
    return (
      <div class="wrap-time">
        <Icon name="clock" size={18} />
        <span>{around("wrap.so_far", <Since key="time" at={since} />)}</span>
      </div>
    );
  }
  const left = Math.max(0, until - now.value);
  return (
    <div class="wrap-time">
      <div class={`wrap-left ${left < 10 ? "short" : ""}`}>
        <progress max={until - since} value={left} aria-hidden="true" />
        <span>{around("wrap.left", <Until key="time" at={until} />)}</span>
      </div>
      <MoreTime wrap={wrap} />
    </div>
  );
}

/** The sentence is split around the running time, so that only the time changes. */
function around(key: "wrap.left" | "wrap.so_far", time: preact.JSX.Element): (string | preact.JSX.Element)[] {
  return t(key, { time: "\u0000" })
    .split("\u0000")
    .flatMap((text, i) => (i === 0 ? [text] : [time, text]));
}

function MoreTime({ wrap: { interaction, extension, extensions_left } }: { wrap: WrapUp }) {
  if (!extension) return null;
  const left = extensions_left ?? 0;
  return (
    <>
      <Button asks icon="clock" disabled={left === 0} onClick={() => void ask({ verb: "extend_wrap_up", interaction })}>
        {t("wrap.more_time", { time: clock(extension) })}
      </Button>
      <small class="muted">{left === 0 ? t("wrap.more_time.none") : count("wrap.more_time.left", left)}</small>
    </>
  );
}

function Codes({ wrap }: { wrap: WrapUp }) {
  if (wrap.codes.length === 0) return <p class="muted">{t("wrap.none")}</p>;
  const waits = offlineReason();
  return (
    <div class="codes" role="group" aria-labelledby="wrap-title">
      {wrap.codes.map((code) => (
        <button key={code} type="button" class="code" aria-pressed={wrap.chosen === code} aria-disabled={waits !== undefined || undefined} title={waits} onClick={() => waits === undefined && void choose(wrap, code)}>
          <span>{named("code", code)}</span>
          {wrap.chosen === code && <Icon name="ready" size={18} />}
        </button>
      ))}
    </div>
  );
}

/** Whether the matter is settled, in queues that ask for it. A second press takes it back. */
function Solved({ wrap }: { wrap: WrapUp }) {
  const waits = offlineReason();
  const id = useId();
  return (
    <div class="solved" role="group" aria-labelledby={id}>
      <span id={id}>{t("wrap.solved")}</span>
      {([true, false] as const).map((solved) => (
        <button
          key={String(solved)}
          type="button"
          class="code"
          aria-pressed={wrap.solved === solved}
          aria-disabled={waits !== undefined || undefined}
          title={waits}
          onClick={() => waits === undefined && void choose(wrap, wrap.chosen ?? "", wrap.solved === solved ? null : solved)}
        >
          <span>{t(solved ? "wrap.solved.yes" : "wrap.solved.no")}</span>
          {wrap.solved === solved && <Icon name="ready" size={18} />}
        </button>
      ))}
    </div>
  );
}

/** In which call's note she was typing when the call ended: the panel moves to another place, and her cursor with it. */
let left = "";

/** Whether her cursor is in a note, of a window that she looks at. */
export function isTyping(): boolean {
  return document.hasFocus() && document.activeElement?.closest(".wrap-note") != null;
}

function Note({ wrap }: { wrap: WrapUp }) {
  const { interaction } = wrap;
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const own = field.current;
    if (left === interaction) own?.focus();
    left = "";
    return () => {
      if (own !== null && document.activeElement === own) left = interaction;
    };
  }, []);
  return (
    <div class="wrap-note">
      <label for={id}>{t("wrap.note")}</label>
      <small id={`${id}-kept`} class="muted">
        {kept(wrap)}
      </small>
      <textarea
        ref={field}
        id={id}
        aria-describedby={`${id}-kept`}
        rows={2}
        maxLength={LONGEST_NOTE}
        placeholder={t("wrap.note.hint")}
        value={note(wrap)}
        onInput={(event) => write(interaction, event.currentTarget.value)}
        onBlur={() => online.value && void save(interaction)}
      />
    </div>
  );
}

/** Whether the centre has the note. */
function kept(wrap: WrapUp): string {
  if (!unsaved(wrap)) return note(wrap) === "" ? "" : t("wrap.note.saved");
  return online.value ? "" : t("wrap.note.waits");
}

function Done({ wrap }: { wrap: WrapUp }) {
  const chosen = Boolean(wrap.chosen) || wrap.codes.length === 0;
  return (
    <div class="wrap-done">
      <Button asks kind={chosen ? "primary" : "plain"} size="large" icon="ready" onClick={() => void done(wrap.interaction)}>
        {t(chosen ? "wrap.done" : "wrap.skip")}
      </Button>
      <p class="muted">{afterwards(state.value?.resume, calls.value.length - 1, me.value?.break_reasons ?? [])}</p>
    </div>
  );
}
