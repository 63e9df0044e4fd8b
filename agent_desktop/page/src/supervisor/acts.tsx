/** What a supervisor may do to a waiting caller and to an agent: one quiet menu for each row. */

import { known, labelled, named, t } from "../i18n";
import { agentBoards, ask, centre, queueBoards } from "../state/store";
import { Icon } from "../ui/icon";
import { type Choice, Menu } from "../ui/menu";
import { messagePhase, phaseWord, stateWord } from "../ui/state";
import type { AgentBoard, AgentState, QueueBoard, StateKind, WaitingCaller } from "../wire";

/** Minutes by which one click brings a caller forward. */
const FORWARD: readonly number[] = [2, 5, 15];
/** And back. */
const BACK = 5;

/** Nobody is logged out of a call. */
const ON_A_CALL: readonly StateKind[] = ["reserved", "busy"];

export function CallerMenu({ caller, queue }: { caller: WaitingCaller; queue: QueueBoard }) {
  const { interaction } = caller;
  const agents = [...agentBoards.value].sort((a, b) => Number(!!a.unavailable) - Number(!!b.unavailable) || a.name.localeCompare(b.name));
  const ahead = caller.head_start ?? 0;
  const shift = (text: string, head_start: number): Choice => ({ key: text, text, act: () => void ask({ verb: "prioritise", interaction, head_start }) });
  const choices = FORWARD.map((minutes) => shift(t("act.forward", { n: minutes }), ahead + minutes * 60));
  choices.push(shift(t("act.backward", { n: BACK }), ahead - BACK * 60));
  if (ahead !== 0) choices.push(shift(t("act.back"), 0));
  for (const other of queueBoards.value.filter(({ name }) => name !== queue.name)) {
    const where = labelled(other.label, other.name);
    choices.push({ key: `to ${other.name}`, text: t("act.move", { queue: where }), act: () => void ask({ verb: "move_call", interaction, queue: other.name }) });
  }
  for (const { id, name, unavailable, state } of agents.filter(({ state }) => state.kind !== "logged_out")) {
    const why = unavailable ? { disabled: true, hint: whyNot(unavailable, state) } : {};
    choices.push({ key: id, text: t("act.give", { who: name }), ...why, act: () => void ask({ verb: "assign", interaction, agent: id }) });
  }
  return <RowMenu label={t("act.for", { who: caller.name || caller.number || t("customer.withheld") })} choices={choices} />;
}

/** What keeps him from being asked: his phone or his page, else simply what he does. */
function whyNot(because: string, state: AgentState): string {
  return state.kind === "ready" || known("reach", because) ? named("reach", because) : stateWord(state);
}

export function AgentMenu({ agent }: { agent: AgentBoard }) {
  const { id, state } = agent;
  const left = new Set(agent.left_queues ?? []);
  const his = new Set(agent.queues ?? []);
  const choices: Choice[] = [];
  if (state.kind !== "logged_out") {
    if (state.kind !== "ready") choices.push({ key: "ready", icon: "ready", text: t("act.ready"), act: () => void ask({ verb: "set_ready", agent: id }) });
    for (const reason of centre.value?.break_reasons ?? []) {
      const text = t("act.break", { reason: named("reason", reason) });
      choices.push({ key: `break ${reason}`, icon: "pause", text, act: () => void ask({ verb: "set_on_break", agent: id, reason }) });
    }
    const phase = messagePhase(
      state,
      (agent.calls ?? []).map(({ phase }) => phase),
    );
    const held = phase !== "offered" && ON_A_CALL.includes(state.kind);
    const busy = held ? { disabled: true, hint: phase ? phaseWord(phase) : stateWord(state) } : {};
    choices.push({ key: "out", icon: "power", text: t("act.log_out"), ...busy, act: () => void ask({ verb: "set_logged_out", agent: id }) });
  }
  for (const { name, label } of queueBoards.value.filter(({ name }) => his.has(name))) {
    const inside = left.has(name);
    const text = t(inside ? "act.join" : "act.leave", { queue: labelled(label, name) });
    choices.push({ key: `queue ${name}`, icon: "people", text, act: () => void ask({ verb: "set_in_queue", agent: id, queue: name, inside }) });
  }
  return <RowMenu label={t("act.for", { who: agent.name })} choices={choices} />;
}

function RowMenu({ label, choices }: { label: string; choices: readonly Choice[] }) {
  return (
    <Menu label={label} look="quiet row-menu" asks floats choices={choices}>
      <Icon name="more" />
    </Menu>
  );
}
