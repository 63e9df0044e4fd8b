/** Of callers, not of calls: whether they had to come again. */

import { integer, share } from "../format";
import { t } from "../i18n";
import { Cell, DataTable } from "./data_table";
import { contactsPath, type Opened, type Resolutions, type Wanted } from "./model";
import { queueName } from "./show";

interface Props {
  answer: Resolutions;
  wanted: Wanted;
  zone: string;
  open: (opened: Opened) => void;
}

const COLUMNS = ["closed", "followed", "young", "unknown", "resolution", "declared", "solved", "declared_resolution"] as const;
type Column = (typeof COLUMNS)[number];
const SHARES = new Set<Column>(["resolution", "declared_resolution"]);

export function ResolutionTable({ answer, wanted, zone, open }: Props) {
  const heads = COLUMNS.map((column) => ({ key: column, text: t(`resolution.${column}`), number: true }));
  return (
    <>
      <p class="report-hint">{t("resolution.hint")}</p>
      <DataTable label={t("report.about.resolution")} heads={[{ key: "group", text: t("resolution.group") }, ...heads]}>
        <tbody>
          {answer.groups.map((group) => (
            <tr key={group.group} class="first">
              <th scope="row" class="report-name" dir="auto">
                {queueName(group.group)}
              </th>
              {COLUMNS.map((column) => {
                const { shown, opens } = figureOf(column, group[column]);
                const name = t(`resolution.${column}`);
                const title = `${name} · ${queueName(group.group)}`;
                const path = (format: "json" | "csv") => contactsPath(wanted, { group: group.group, figure: column }, format);
                const label = t("report.open", { figure: name, value: shown, name: queueName(group.group) });
                return <Cell key={column} {...{ shown, label }} open={opens ? () => open({ title, path, zone }) : null} />;
              })}
            </tr>
          ))}
        </tbody>
      </DataTable>
    </>
  );
}

function figureOf(column: Column, value: number | null): { shown: string; opens: boolean } {
  if (value === null) return { shown: "–", opens: false };
  return SHARES.has(column) ? { shown: share(value), opens: true } : { shown: integer(value), opens: value > 0 };
}
