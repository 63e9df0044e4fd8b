/** Of callers, not of calls: where they leave the menu, and whether they had to come again. */

import { integer, share } from "../format";
import { t } from "../i18n";
import type { Answer } from "./ask";
import { contactsPath, type Menu, type Opened, type Resolutions, type Wanted } from "./model";
import { queueName } from "./show";

/** What a table of it needs: the heads of its columns, and the cells of its lines. */
interface Table {
  name: string;
  hint: string;
  columns: readonly string[];
  lines: readonly Line[];
}

interface Line {
  name: string;
  /** What tells it from the others in a question. */
  of: Readonly<Record<string, string>>;
  cells: readonly Cell[];
}

/** A figure, by its name in a question; whether anything is behind it. */
interface Cell {
  figure: string;
  shown: string;
  opens: boolean;
}

export function menuTable({ nodes }: Menu): Table {
  return {
    name: t("report.about.menu"),
    hint: t("menu.hint"),
    columns: [t("menu.node"), t("menu.visited"), t("menu.left"), t("menu.drop_off")],
    lines: nodes
      .filter(({ visited }) => visited > 0)
      .map(({ flow, node, visited, left, drop_off }) => ({
        name: place(flow, node),
        of: { flow, node },
        cells: [counted("visited", visited), counted("left", left), part("drop_off", drop_off)],
      })),
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
    lines: groups.map((group) => ({
      name: queueName(group.group),
      of: { group: group.group },
      cells: [
        ...counts.map((one) => counted(one, group[one])),
        part("resolution", group.resolution),
        counted("declared", group.declared),
        counted("solved", group.solved),
        part("declared_resolution", group.declared_resolution),
      ],
    })),
  };
}

const place = (flow: string, node: string): string => (node === "" ? t("menu.start") : flow === "" ? node : `${flow}/${node}`);

const counted = (figure: string, value: number): Cell => ({ figure, shown: integer(value), opens: value > 0 });

const part = (figure: string, value: number | null): Cell => ({ figure, shown: value === null ? "–" : share(value), opens: value !== null });

/** The answer as a table; what is no such answer is the caller's to tell. */
export function tableOf(answer: Extract<Answer<Menu | Resolutions>, { kind: "answer" }>): Table {
  return "nodes" in answer.value ? menuTable(answer.value) : resolutionTable(answer.value);
}

interface Props extends Table {
  wanted: Wanted;
  zone: string;
  open: (opened: Opened) => void;
}

export function CallersTable({ name, hint, columns, lines, wanted, zone, open }: Props) {
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
            {lines.map((line) => (
              <tr key={line.name} class="first">
                <th scope="row" class="report-name" dir="auto">
                  {line.name}
                </th>
                {line.cells.map(({ figure, shown, opens }, at) => (
                  <td key={figure} class="number">
                    {opens ? (
                      <button
                        type="button"
                        class="figure-button"
                        aria-label={t("report.open", { figure: columns[at + 1] ?? "", value: shown, name: line.name })}
                        onClick={() => open({ title: `${columns[at + 1] ?? ""} · ${line.name}`, path: (format) => contactsPath(wanted, { ...line.of, figure }, format), zone })}
                      >
                        {shown}
                      </button>
                    ) : (
                      shown
                    )}
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
