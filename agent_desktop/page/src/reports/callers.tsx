/** Of callers, not of calls: where they leave the menu, and whether they had to come again. */

import { integer, share } from "../format";
import { t } from "../i18n";
import type { Answer } from "./ask";
import type { Menu, Resolutions } from "./model";
import { queueName } from "./show";

/** What a table of it needs: the heads of its columns, and the cells of its lines. */
interface Table {
  name: string;
  hint: string;
  columns: readonly string[];
  lines: readonly (readonly string[])[];
}

export function menuTable({ nodes }: Menu): Table {
  return {
    name: t("report.about.menu"),
    hint: t("menu.hint"),
    columns: [t("menu.node"), t("menu.visited"), t("menu.left"), t("menu.drop_off")],
    lines: nodes
      .filter(({ visited }) => visited > 0)
      .map(({ flow, node, visited, left, drop_off }) => [place(flow, node), integer(visited), integer(left), part(drop_off)]),
  };
}

export function resolutionTable({ groups }: Resolutions): Table {
  const counts = ["closed", "followed", "young", "unknown"] as const;
  return {
    name: t("report.about.resolution"),
    hint: t("resolution.hint"),
    columns: [
      t("resolution.group"),
      ...counts.map((one) => t(`resolution.${one}`)),
      t("resolution.share"),
      t("resolution.declared"),
      t("resolution.solved"),
      t("resolution.declared_share"),
    ],
    lines: groups.map((group) => [
      queueName(group.group),
      ...counts.map((one) => integer(group[one])),
      part(group.resolution),
      integer(group.declared),
      integer(group.solved),
      part(group.declared_resolution),
    ]),
  };
}

const place = (flow: string, node: string): string => (node === "" ? t("menu.start") : flow === "" ? node : `${flow}/${node}`);

const part = (value: number | null): string => (value === null ? "–" : share(value));

/** The answer as a table; what is no such answer is the caller's to tell. */
export function tableOf(answer: Extract<Answer<Menu | Resolutions>, { kind: "answer" }>): Table {
  return "nodes" in answer.value ? menuTable(answer.value) : resolutionTable(answer.value);
}

export function CallersTable({ name, hint, columns, lines }: Table) {
  return (
    <>
      <p class="report-hint">{hint}</p>
      <div class="report-table" role="group" aria-label={name} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {columns.map((column, at) => (
                <th key={column} scope="col" class={at === 0 ? "" : "number"}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map(([first, ...rest]) => (
              <tr key={first} class="first">
                <th scope="row" class="report-name" dir="auto">
                  {first}
                </th>
                {rest.map((cell, at) => (
                  <td key={columns[at + 1]} class="number">
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
