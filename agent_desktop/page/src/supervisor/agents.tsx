/** Every agent: what he does and for how long, with whom, and how his day was. Filtered by state. */

import { useState } from "preact/hooks";
import { clock, integer, percent } from "../format";
import { named, t } from "../i18n";
import { Icon } from "../ui/icon";
import { phoneIcon, STATE_ICONS, stateWord } from "../ui/state";
import { Since } from "../ui/timer";
import type { AgentBoard, StateKind } from "../wire";

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
            <th scope="col">{t("board.skills")}</th>
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
      <th scope="row" dir="auto" title={agent.name}>
        {agent.name}
      </th>
      <td>
        <span class={`state-pill is-${state.kind}`}>
          <Icon name={STATE_ICONS[state.kind]} size={16} />
          <span>{stateWord(state)}</span>
          {state.kind !== "logged_out" && <Since at={state.since} />}
        </span>
      </td>
      <td class="agent-with" dir="auto" title={agent.with?.name || agent.with?.number}>
        {agent.with ? agent.with.name || agent.with.number : <span class="muted">–</span>}
      </td>
      <td>
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
    </tr>
  );
}

const WORK: readonly StateKind[] = ["reserved", "busy", "after_call_work"];

/** How long he has been in these states today; it runs while he is in one of them. */
function TimeToday({ agent: { times, times_since, state }, kinds }: { agent: AgentBoard; kinds: readonly StateKind[] }) {
  const past = kinds.reduce((sum, kind) => sum + (times[kind] ?? 0), 0);
  return kinds.includes(state.kind) && times_since > 0 ? <Since at={times_since - past} /> : <span class="time">{clock(past)}</span>;
}

/** Which phone; the word is only shown where it is news. */
function PhoneCell({ agent: { state, phone, phone_reachable, phone_in_use } }: { agent: AgentBoard }) {
  const away = phone_reachable === false && state.kind !== "logged_out";
  const news = away || phone_in_use;
  const word = t(away ? "board.unreachable" : phone_in_use ? "board.phone_in_use" : `phone.${phone}`);
  return (
    <span class={`agent-phone ${news ? "bad" : ""}`} title={word}>
      <Icon name={phoneIcon(phone)} size={18} />
      <span class={news ? "" : "unseen"}>{word}</span>
    </span>
  );
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
