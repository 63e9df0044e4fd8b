/** The table of a report. A figure is a button that opens what it is made of. */

import { day, integer, timeIn } from "../format";
import { t } from "../i18n";
import { type By, behindPath, COLUMNS, dayOf, type Level, type Line, type Opened, opens, type Report, timeOf } from "./model";
import { figure, nameOf } from "./show";

interface Props {
  report: Report;
  level: Level;
  open: (opened: Opened) => void;
}

export function ReportTable({ report, level, open }: Props) {
  const columns = COLUMNS[report.by];
  const shown = report.lines.slice(0, MOST_LINES);
  const totals = report.by === "centre" || report.totals.length < 2 ? report.totals : [...report.totals, { ...report.whole, name: ALL }];
  const row = (line: Line, when: string): preact.JSX.Element => (
    <Row key={`${line.interval.start} ${line.name} ${when}`} {...{ report, level, line, when, open }} />
  );
  const names = report.by !== "centre";
  return (
    <>
      {shown.length < report.lines.length && <p class="behind-count">{t("report.first", { n: integer(shown.length), all: integer(report.lines.length) })}</p>}
      <div class="report-table" role="group" aria-label={t("view.reports")} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("report.interval")}</th>
              {names && <th scope="col">{t(`report.by.${report.by}`)}</th>}
              {columns.map((column) => (
                <th key={column} scope="col" class="number">
                  {t(`figure.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{shown.map((line, at) => row(line, whenOf(report, line, report.lines[at - 1])))}</tbody>
          <tfoot>{totals.map((line, at) => row(line, at === 0 ? t("report.total") : ""))}</tfoot>
        </table>
      </div>
    </>
  );
}

/** Lines that a browser shows without effort; a thousand agents have more in a day. */
const MOST_LINES = 1000;

/** The line of everybody, which no queue, agent or team can be called. */
const ALL = "\0";

/** Said once for the lines of one interval. */
function whenOf(report: Report, line: Line, before: Line | undefined): string {
  if (before?.interval.start === line.interval.start) return "";
  const time = timeOf(line.interval, report.lines);
  const several = dayOf(report.lines[0]?.interval ?? line.interval) !== dayOf(report.lines.at(-1)?.interval ?? line.interval);
  if (time === "") return day(dayOf(line.interval));
  return several ? `${day(dayOf(line.interval))}, ${time}` : time;
}

function Row({ report, level, line, when, open }: Props & { line: Line; when: string }) {
  const everybody = line.name === ALL;
  const name = everybody ? t("report.all") : nameOf(report.by, line.name);
  const opening: [By, Line] = everybody ? ["centre", { ...line, name: "" }] : [report.by, line];
  return (
    <tr class={when === "" ? "same" : "first"}>
      {when === "" ? <td /> : <th scope="row">{when}</th>}
      {report.by !== "centre" && (
        <th scope="row" class="report-name" dir="auto">
          {name}
        </th>
      )}
      {COLUMNS[report.by].map((column) => {
        const source = column === "service_level" ? level : column;
        const value = line.figures[source] ?? null;
        const shown = figure(value, report.columns[source]);
        return (
          <td key={column} class="number">
            {opens(value, report.columns[source]) ? (
              <button
                type="button"
                class="figure-button"
                aria-label={t("report.open", { figure: t(`figure.${column}`), value: shown, name })}
                onClick={() => open({ title: `${t(`figure.${column}`)} · ${name} · ${timeIn(line.interval.start, report.zone)}`, path: (format) => behindPath(...opening, source, format), zone: report.zone })}
              >
                {shown}
              </button>
            ) : (
              shown
            )}
          </td>
        );
      })}
    </tr>
  );
}
