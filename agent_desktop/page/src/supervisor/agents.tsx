/** Every agent: what he does and for how long, with whom, and how his day was. Filtered by state. */

import { useComputed } from "@preact/signals";
import { useState } from "preact/hooks";
import { clock, integer, listed, percent } from "../format";
import { named, t } from "../i18n";
import { Icon } from "../ui/icon";
import { now } from "../state/store";
import { breakTime } from "../ui/break_time";
import { messagePhase, PHASE_ICONS, phaseWord, phoneIcon, STATE_ICONS, stateWord } from "../ui/state";
import { Since } from "../ui/timer";
import type { AgentBoard, StateKind } from "../wire";
import { AgentMenu } from "./acts";

const STATES: readonly StateKind[] = ["ready", "reserved", "busy", "after_call_work", "not_ready", "logged_out"];

export function Agents({ agents }: { agents: readonly AgentBoard[] }) {
  const [only, setOnly] = useState<StateKind | null>(null);
  const byName = [...agents].sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
  const shown = only === null ? byName : byName.filter(({ state }) => state.kind === only);
  return (
    <section class="agents" aria-labelledby="agents-title">
      <div class="agents-head">
        <h2 id="agents-title">{t("board.agents")}</h2>
        <Filter agents={agents} only={only} choose={setOnly} />
      </div>
      {shown.length === 0 ? (
        <p class="blank small">{t(agents.length === 0 ? "board.agents.none" : "board.agents.filtered")}</p>
      ) : (
        <Table agents={shown} />
      )}
    </section>
  );
}

interface FilterProps {
  agents: readonly AgentBoard[];
  only: StateKind | null;
  choose: (only: StateKind | null) => void;
}

function Filter({ agents, only, choose }: FilterProps) {
  return (
    <div class="filter" role="group" aria-label={t("board.filter")}>
      <button type="button" aria-pressed={only === null} onClick={() => choose(null)}>
        {t("board.filter.all")} <b>{integer(agents.length)}</b>
      </button>
      {STATES.map((kind) => (
        <button key={kind} type="button" class={`is-${kind}`} aria-pressed={only === kind} onClick={() => choose(only === kind ? null : kind)}>
          <Icon name={STATE_ICONS[kind]} size={16} />
          {t(`state.${kind}`)} <b>{integer(agents.filter(({ state }) => state.kind === kind).length)}</b>
        </button>
      ))}
    </div>
  );
}

function Table({ agents }: { agents: readonly AgentBoard[] }) {
  return (
    <div class="agents-table" role="group" aria-labelledby="agents-title" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("board.agent")}</th>
            <th scope="col">{t("board.state")}</th>
            <th scope="col">{t("board.with")}</th>
            <th scope="col" class="can">
              {t("board.skills")}
            </th>
            <th scope="col">{t("board.phone")}</th>
            {(["ready", "work", "not_ready"] as const).map((what) => (
              <th key={what} scope="col" class="amount">
                {t(`board.time.${what}`)}
              </th>
            ))}
            <th scope="col" class="amount">
              {t("board.handled")}
            </th>
            <th scope="col" class="amount">
              {t("board.occupancy")}
            </th>
            <th scope="col" class="act">
              <span class="unseen">{t("act.menu")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {agents.map((agent) => (
            <Row key={agent.id} agent={agent} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ agent }: { agent: AgentBoard }) {
  const { state } = agent;
  return (
    <tr class={`is-${state.kind}`}>
      <th scope="row" dir="auto" title={[agent.name, skillsOf(agent)].filter(Boolean).join("\n")}>
        {agent.name}
      </th>
      <td>
        <StateCell agent={agent} />
      </td>
      <td class="agent-with">
        <With agent={agent} />
      </td>
      <td class="can">
        <Skills skills={agent.skills} />
      </td>
      <td>
        <PhoneCell agent={agent} />
      </td>
      {[["ready"], WORK, ["not_ready"]].map((kinds) => (
        <td key={kinds[0]} class="amount">
          <TimeToday agent={agent} kinds={kinds as readonly StateKind[]} />
        </td>
      ))}
      <td class="amount">{integer(agent.handled)}</td>
      <td class="amount">{percent(agent.occupancy)}</td>
      <td class="act">
        <AgentMenu agent={agent} />
      </td>
    </tr>
  );
}

const WORK: readonly StateKind[] = ["reserved", "busy", "after_call_work"];

/** How long he has been in these states today; it runs while he is in one of them. */
function TimeToday({ agent: { times, times_since, state }, kinds }: { agent: AgentBoard; kinds: readonly StateKind[] }) {
  const past = kinds.reduce((sum, kind) => sum + (times[kind] ?? 0), 0);
  return kinds.includes(state.kind) && times_since > 0 ? <Since at={times_since - past} /> : <span class="time">{clock(past)}</span>;
}

/** What he does and for how long; beside it what is not as it should be: a break that is too long, or why no call comes to him. */
function StateCell({ agent: { state, out_of_reach, calls } }: { agent: AgentBoard }) {
  const message = messagePhase(
    state,
    (calls ?? []).map(({ phase }) => phase),
  );
  const time = useComputed(() => breakTime(state, now.value)).value;
  return (
    <div class="agent-state">
      <span class={`state-pill is-${state.kind} ${out_of_reach ? "out-of-reach" : ""}`}>
        <Icon name={message ? PHASE_ICONS[message] : STATE_ICONS[state.kind]} size={16} />
        <span>{message ? phaseWord(message) : stateWord(state)}</span>
        {state.kind !== "logged_out" && <Since at={state.since} />}
      </span>
      {time === "over" && (
        <small class="aside bad">
          {t("board.over.break", { time: "\u0000" })
            .split("\u0000")
            .flatMap((text, i) => (i === 0 ? [text] : [<Since key="time" at={state.until ?? 0} />, text]))}
        </small>
      )}
      {out_of_reach && <small class="aside">{t("board.not_asked", { why: named("reach", out_of_reach) })}</small>}
    </div>
  );
}

/** With whom; who may have several calls has a line for each. */
function With({ agent }: { agent: AgentBoard }) {
  const calls = agent.calls ?? [];
  if (calls.length < 2) {
    const one = agent.with ?? calls[0];
    const who = one ? one.name || one.number : "";
    return who === "" ? <span class="muted">–</span> : <Who who={who} />;
  }
  return (
    <ul class="agent-calls">
      {calls.map(({ interaction, name, number, phase, since }) => (
        <li key={interaction} class={`in-${phase}`} title={phaseWord(phase)}>
          <Icon name={PHASE_ICONS[phase]} size={16} />
          <Who who={name || number} />
          <Since at={since} />
        </li>
      ))}
    </ul>
  );
}

function Who({ who }: { who: string }) {
  return (
    <span class="who" dir="auto" title={who}>
      {who}
    </span>
  );
}

/** Which phone; the word is only shown where it is news, and the state does not say it. */
function PhoneCell({ agent: { state, phone, phone_reachable, phone_in_use, out_of_reach } }: { agent: AgentBoard }) {
  const away = phone_reachable === false && state.kind !== "logged_out";
  const news = away || phone_in_use;
  const word = t(away ? "board.unreachable" : phone_in_use ? "board.phone_in_use" : `phone.${phone}`);
  return (
    <span class={`agent-phone ${news ? "bad" : ""}`} title={word}>
      <Icon name={phoneIcon(phone)} size={18} />
      <span class={news && !out_of_reach ? "" : "unseen"}>{word}</span>
    </span>
  );
}

/** "Billing 8, English 9". */
function skillsOf({ skills }: AgentBoard): string {
  return listed(Object.entries(skills).map(([skill, level]) => `${named("skill", skill)} ${level}`));
}

function Skills({ skills }: { skills: Readonly<Record<string, number>> }) {
  return (
    <ul class="skills">
      {Object.entries(skills).map(([skill, level]) => (
        <li key={skill}>
          {named("skill", skill)} <b>{level}</b>
        </li>
      ))}
    </ul>
  );
}
