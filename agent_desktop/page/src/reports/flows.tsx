/** How callers fare in the flows: how entries into each flow ended; how long they stay at each node, and how they leave it. */

import { integer } from "../format";
import { named, t } from "../i18n";
import { Cell, DataTable, type Head } from "./data_table";
import { contactsPath, type FlowColumn, type FlowLine, type FlowReport, type FlowVersion, type Kind, type NodeColumn, type Opened, reportPath, type Wanted } from "./model";
import { agentName, figure, queueName, wayName } from "./show";

interface Props {
  report: FlowReport;
  wanted: Wanted;
  zone: string;
  open: (opened: Opened) => void;
}

const FLOW_COLUMNS: readonly FlowColumn[] = [
  "entries",
  "contained",
  "to_queue",
  "transferred",
  "voicemail",
  "returned",
  "abandoned",
  "lost",
  "still_there",
  "containment",
  "transfer_out",
  "drop_off",
  "time_median",
  "time_p95",
];
/** Shown where there is any. */
const RARE = new Set<FlowColumn | NodeColumn>(["transferred", "voicemail", "returned", "lost", "still_there", "mark_mean"]);
const NODE_COLUMNS: readonly NodeColumn[] = ["visits", "hung_up", "drop_off", "time_median", "time_p95", "no_input_rate", "no_match_rate", "mark_mean"];
/** Ways that have columns of their own, or are nobody's choice. */
const NO_WAYS = new Set(["hung_up", "lost"]);

const KINDS: Readonly<Partial<Record<FlowColumn | NodeColumn, Kind>>> = {
  containment: "share",
  transfer_out: "share",
  drop_off: "share",
  no_input_rate: "share",
  no_match_rate: "share",
  time_median: "seconds",
  time_p95: "seconds",
  mark_mean: "number",
};

export function FlowTables({ report, wanted, zone, open }: Props) {
  const shared = { report, wanted, zone, open };
  return (
    <>
      <p class="report-hint">{t("flows.hint")}</p>
      <section class="flow-section" aria-labelledby="flows-title">
        <Heading id="flows-title" text={t("flows.flows")} path={reportPath(wanted, "csv")} />
        <OfFlows {...shared} />
      </section>
      <section class="flow-section" aria-labelledby="nodes-title">
        <Heading id="nodes-title" text={t("flows.nodes")} path={`${reportPath(wanted, "csv")}&of=nodes`} />
        <OfNodes {...shared} />
      </section>
    </>
  );
}

function Heading({ id, text, path }: { id: string; text: string; path: string }) {
  return (
    <header class="flow-heading">
      <h2 id={id}>{text}</h2>
      <a class="button plain normal" href={path} download aria-label={`${text}: CSV`}>
        CSV
      </a>
    </header>
  );
}

const head = (column: FlowColumn | NodeColumn): Head => ({ key: column, text: t(`flows.${column}`), number: true });

function OfFlows({ report, wanted, zone, open }: Props) {
  const columns = FLOW_COLUMNS.filter((column) => !RARE.has(column) || report.flows.some(({ figures }) => figures[column]));
  const split = wanted.split === "" ? [] : [{ key: "split", text: t(`flows.split.${wanted.split}`) }];
  return (
    <DataTable label={t("flows.flows")} heads={[{ key: "flow", text: t("flows.flow") }, ...split, ...columns.map(head)]}>
      <tbody>
        {report.flows.map((line) => (
          <tr key={keyOf(line)} class="first">
            <th scope="row" class="report-name" dir="auto">
              {line.place.flow}
            </th>
            {wanted.split !== "" && <td dir="auto">{splitOf(line, wanted, report.versions) || "–"}</td>}
            {columns.map((column) => (
              <Figure key={column} {...{ line, column, wanted, zone, open }} />
            ))}
          </tr>
        ))}
      </tbody>
    </DataTable>
  );
}

function OfNodes({ report, wanted, zone, open }: Props) {
  const columns = NODE_COLUMNS.filter((column) => !RARE.has(column) || report.nodes.some(({ figures }) => figures[column]));
  const heads = [{ key: "node", text: t("flows.node") }, ...columns.map(head), { key: "ways", text: t("flows.ways") }];
  return (
    <DataTable label={t("flows.nodes")} heads={heads}>
      {grouped(report.nodes).map(([first, ...others]) => (
        <tbody key={keyOf(first)}>
          <tr class="flow-group">
            <th scope="rowgroup" colSpan={heads.length} dir="auto">
              {[first.place.flow, splitOf(first, wanted, report.versions)].filter((part) => part !== "").join(" · ")}
            </th>
          </tr>
          {[first, ...others].map((line) => (
            <tr key={line.place.node} class="first">
              <th scope="row" dir="auto">
                <span class="report-name">{line.place.node}</span> <span class="flow-kind">{named("kind", line.kind)}</span>
              </th>
              {columns.map((column) => (
                <Figure key={column} {...{ line, column, wanted, zone, open }} />
              ))}
              <td class="flow-ways">
                <Ways {...{ line, wanted, zone, open }} />
              </td>
            </tr>
          ))}
        </tbody>
      ))}
    </DataTable>
  );
}

interface FigureProps {
  line: FlowLine;
  column: FlowColumn | NodeColumn;
  wanted: Wanted;
  zone: string;
  open: (opened: Opened) => void;
}

function Figure({ line, column, wanted, zone, open }: FigureProps) {
  const value = line.figures[column] ?? null;
  const kind = KINDS[column];
  const title = `${t(`flows.${column}`)} · ${nameOf(line)}`;
  const opens = value !== null && (value !== 0 || kind !== undefined);
  const opener = () => open({ title, path: (format) => contactsPath(...asked(wanted, line, { figure: column }), format), zone });
  const shown = figure(value, kind);
  return <Cell shown={shown} label={t("report.open", { figure: t(`flows.${column}`), value: shown, name: nameOf(line) })} open={opens ? opener : null} />;
}

/** Each way out of a node with how often it was taken. */
function Ways({ line, wanted, zone, open }: Omit<FigureProps, "column">) {
  const ways = Object.entries(line.ways).filter(([way]) => !NO_WAYS.has(way));
  return ways.map(([way, count]) => {
    const name = wayName(line.kind, way, line.labels[way]);
    const title = `${name} · ${nameOf(line)}`;
    const path = (format: "json" | "csv") => contactsPath(...asked(wanted, line, { way }), format);
    return (
      <span key={way} class="flow-way" title={wayName(line.kind, way)}>
        <span class="flow-kind">{name}</span>{" "}
        <button type="button" class="figure-button" aria-label={t("report.open", { figure: name, value: integer(count), name: nameOf(line) })} onClick={() => open({ title, path, zone })}>
          {integer(count)}
        </button>
      </span>
    );
  });
}

const nameOf = ({ place }: FlowLine): string => (place.node === "" ? place.flow : `${place.flow}/${place.node}`);

const keyOf = ({ place }: FlowLine): string => [place.day, place.flow, place.version, place.entry_point, place.queue, place.agent].join(" ");

/** What is asked for a figure of a line: the days, and what tells the line from others. */
function asked(wanted: Wanted, { place }: FlowLine, of: Readonly<Record<string, string>>): [Wanted, Record<string, string>] {
  const days = place.day === "" ? wanted : { ...wanted, from: place.day, to: place.day };
  const node: Record<string, string> = place.node === "" ? {} : { node: place.node };
  const split: Record<string, string> = wanted.split === "" || wanted.split === "day" ? {} : { [wanted.split]: place[wanted.split] };
  return [days, { flow: place.flow, ...node, ...split, ...of }];
}

/** The day, the entry point, the queue or agent of the talk before, or the version with the revision of the company's files that brought it. */
function splitOf({ place }: FlowLine, { split }: Wanted, versions: readonly FlowVersion[]): string {
  if (split === "") return "";
  if (split === "queue") return place.queue === "" ? "" : queueName(place.queue);
  if (split === "agent") return place.agent === "" ? "" : agentName(place.agent);
  if (split !== "version") return place[split];
  const revision = versions.find(({ flow, version }) => flow === place.flow && version === place.version)?.revision ?? null;
  return revision === null ? place.version : t("flows.version", { version: place.version, n: integer(revision) });
}

/** Lines of one flow, day, version and entry point together, in their order. */
function grouped(lines: readonly FlowLine[]): readonly (readonly [FlowLine, ...FlowLine[]])[] {
  const groups = new Map<string, [FlowLine, ...FlowLine[]]>();
  for (const line of lines) {
    const group = groups.get(keyOf(line));
    if (group === undefined) groups.set(keyOf(line), [line]);
    else group.push(line);
  }
  return [...groups.values()];
}
