/** The rows behind a figure, each kind with the columns that tell it best. */

import type { ComponentChildren } from "preact";
import { clock, integer, timeIn } from "../format";
import { named, t } from "../i18n";
import type { BehindAnswer, ContactRow, Segment, Stay } from "./model";
import { agentName, outcome, queueName } from "./show";

interface Props {
  answer: BehindAnswer;
  zone: string;
  open: (contact: string) => void;
}

export function BehindRows({ answer, zone, open }: Props) {
  if ("segments" in answer) return <Rows rows={answer.segments} columns={segmentColumns(zone, open)} />;
  return "contacts" in answer ? <Rows rows={answer.contacts} columns={contactColumns(zone, open)} /> : <Rows rows={answer.stays} columns={stayColumns(zone)} />;
}

/** What kind of rows it has, and these. */
export function rowsOf(answer: BehindAnswer): { kind: "segments" | "contacts" | "stays"; rows: readonly unknown[] } {
  if ("segments" in answer) return { kind: "segments", rows: answer.segments };
  return "contacts" in answer ? { kind: "contacts", rows: answer.contacts } : { kind: "stays", rows: answer.stays };
}

interface Column<Row> {
  head: string;
  cell: (row: Row) => ComponentChildren;
  number?: boolean;
}

const lasting = (seconds: number | null): string => (seconds === null || seconds <= 0 ? "–" : clock(Math.round(seconds)));

function opener(interaction: string, at: number, zone: string, open: (contact: string) => void): ComponentChildren {
  return (
    <button type="button" class="figure-button" aria-label={t("behind.open", { when: timeIn(at, zone) })} onClick={() => open(interaction)}>
      {timeIn(at, zone)}
    </button>
  );
}

function segmentColumns(zone: string, open: (contact: string) => void): readonly Column<Segment>[] {
  return [
    { head: t("behind.entered"), cell: ({ interaction, entered }) => opener(interaction, entered, zone, open) },
    { head: t("board.caller"), cell: ({ caller }) => caller || t("customer.withheld") },
    { head: t("board.queue"), cell: ({ queue }) => queueName(queue) },
    { head: t("behind.outcome"), cell: (segment) => outcome(segment.outcome) },
    { head: t("board.wait"), cell: ({ wait }) => (wait === null ? "–" : clock(Math.round(wait))), number: true },
    { head: t("board.agent"), cell: ({ agents }) => agents.map(agentName).join(", ") || "–" },
    { head: t("figure.talk"), cell: ({ talk }) => lasting(talk), number: true },
  ];
}

function contactColumns(zone: string, open: (contact: string) => void): readonly Column<ContactRow>[] {
  return [
    { head: t("behind.began"), cell: ({ interaction, started }) => opener(interaction, started, zone, open) },
    { head: t("board.caller"), cell: ({ caller }) => caller || t("customer.withheld") },
    { head: t("report.by.entry_point"), cell: ({ entry_point }) => entry_point || "–" },
    { head: t("behind.outcome"), cell: (contact) => (contact.outcome === null ? t("behind.still") : named("outcome", contact.outcome)) },
    { head: t("behind.lasted"), cell: ({ lasted }) => lasting(lasted), number: true },
    { head: t("behind.last"), cell: ({ flow, node, label }) => <span title={flow === "" ? node : `${flow}/${node}`}>{label || node || "–"}</span> },
  ];
}

function stayColumns(zone: string): readonly Column<Stay>[] {
  return [
    { head: t("behind.from"), cell: ({ since }) => timeIn(since, zone) },
    { head: t("behind.until"), cell: ({ ended }) => (ended === null ? t("behind.still") : timeIn(ended, zone)) },
    { head: t("board.agent"), cell: ({ agent }) => agentName(agent) },
    { head: t("board.state"), cell: ({ state }) => (state === "down" ? t("figure.down_time") : named("state", state)) },
    { head: t("behind.reason"), cell: ({ reason }) => (reason === "" ? "–" : named("reason", reason)) },
    { head: t("behind.contacts_at_once"), cell: ({ contacts }) => (contacts === 0 ? "–" : integer(contacts)), number: true },
    { head: t("behind.counted"), cell: ({ seconds }) => clock(Math.round(seconds)), number: true },
  ];
}

function Rows<Row>({ rows, columns }: { rows: readonly Row[]; columns: readonly Column<Row>[] }) {
  const [first, ...others] = columns;
  return (
    <div class="report-table" role="group" aria-labelledby="behind-title" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map(({ head, number }) => (
              <th key={head} scope="col" class={number ? "number" : ""}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              <th scope="row">{first?.cell(row)}</th>
              {others.map(({ head, cell, number }) => (
                <td key={head} class={number ? "number" : ""} dir="auto">
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
