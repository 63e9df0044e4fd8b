/** Figures of past days: which days, what has a line of its own, and the table with what is behind each figure. */

import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n";
import { centre, now } from "../state/store";
import { Icon } from "../ui/icon";
import type { Answer } from "./ask";
import { Behind } from "./behind";
import { ResolutionTable } from "./callers";
import { FlowTables } from "./flows";
import { ABOUT, BY, dayIn, dayOf, EVERY, type FlowReport, type Level, LEVELS, type Opened, type Report, reportPath, type Resolutions, SPLITS, type Wanted } from "./model";
import { queueName } from "./show";
import { ReportTable } from "./table";
import { Trouble } from "./trouble";
import { useAnswer } from "./use_answer";
import "../styles/reports.css";

export function Reports() {
  const [wanted, setWanted] = useState<Wanted>({ about: "figures", from: "", to: "", every: "60m", by: "queue", split: "" });
  const [level, setLevel] = useState<Level>("service_level");
  const [again, setAgain] = useState(0);
  const [opened, setOpened] = useState<Opened | null>(null);
  const [answered, setAnswered] = useState("");
  const figures = useAnswer<Report>(wanted.about === "figures" ? reportPath(wanted) : null, again);
  const callers = useAnswer<FlowReport | Resolutions>(wanted.about === "figures" ? null : reportPath(wanted), again);
  const report = figures?.kind === "answer" ? figures.value : null;
  const retry = (): void => setAgain(again + 1);

  // Who names no day gets today by the centre's clock: the day is shown at once, and what the answer is about has the last word.
  const zone = centre.value?.zone ?? "";
  const today = answered || (zone && dayIn(zone, now.peek()));
  useEffect(() => {
    if (report !== null && wanted.from === "") setAnswered(dayOf(report.whole.interval));
  }, [report, wanted.from]);

  return (
    <main class="reports">
      <Questions wanted={wanted} today={today} want={setWanted} level={level} count={setLevel} />
      <div aria-live="polite" aria-busy={(figures ?? callers) === null}>
        {wanted.about === "figures" ? <Body answer={figures} level={level} retry={retry} open={setOpened} /> : <OfCallers answer={callers} {...{ wanted, zone, retry }} open={setOpened} />}
      </div>
      {opened !== null && <Behind {...opened} close={() => setOpened(null)} />}
    </main>
  );
}

interface QuestionsProps {
  wanted: Wanted;
  today: string;
  want: (wanted: Wanted) => void;
  level: Level;
  count: (level: Level) => void;
}

function Questions({ wanted, today, want, level, count }: QuestionsProps) {
  const from = wanted.from === "" ? today : wanted.from;
  const to = wanted.to === "" ? today : wanted.to;
  const days = (first: string, last: string): void => want({ ...wanted, from: first, to: last });
  return (
    <form class="report-questions" onSubmit={(event) => event.preventDefault()}>
      <label>
        {t("report.from")}
        <input type="date" required value={from} onChange={({ currentTarget: { value } }) => value !== "" && days(value, value > to ? value : to)} />
      </label>
      <label>
        {t("report.to")}
        <input type="date" required value={to} onChange={({ currentTarget: { value } }) => value !== "" && days(value < from ? value : from, value)} />
      </label>
      <Choice name={t("report.about")} values={ABOUT} value={wanted.about} text={(one) => t(`report.about.${one}`)} choose={(about) => want({ ...wanted, about })} />
      {wanted.about === "flows" && <Choice name={t("flows.split")} values={SPLITS} value={wanted.split} text={(one) => t(`flows.split.${one === "" ? "none" : one}`)} choose={(split) => want({ ...wanted, split })} />}
      {wanted.about === "figures" && <FigureChoices {...{ wanted, want, level, count }} from={from} to={to} />}
    </form>
  );
}

/** How figures are cut, and the files of them. */
function FigureChoices({ wanted, want, level, count, from, to }: Omit<QuestionsProps, "today"> & { from: string; to: string }) {
  return (
    <>
      <Choice name={t("report.every")} values={EVERY} value={wanted.every} text={(one) => t(`report.every.${one}`)} choose={(every) => want({ ...wanted, every })} />
      <Choice name={t("report.by")} values={BY} value={wanted.by} text={(one) => t(`report.by.${one}`)} choose={(by) => want({ ...wanted, by })} />
      {(wanted.by === "queue" || wanted.by === "centre") && (
        <Choice name={t("report.level")} values={LEVELS} value={level} text={(one) => t(`report.level.${one}`)} choose={count} />
      )}
      <p class="report-files">
        <a class="button plain normal" href={reportPath(wanted, "csv")} download>
          CSV
        </a>
        <a class="button plain normal" href={reportPath(wanted)} download={`callwright-${wanted.by}-${from}-${to}.json`}>
          JSON
        </a>
      </p>
    </>
  );
}

interface ChoiceProps<T extends string> {
  name: string;
  values: readonly T[];
  value: T;
  text: (value: T) => string;
  choose: (value: T) => void;
}

function Choice<T extends string>({ name, values, value, text, choose }: ChoiceProps<T>) {
  return (
    <label>
      {name}
      <select value={value} aria-label={name} onChange={({ currentTarget }) => choose(currentTarget.value as T)}>
        {values.map((one) => (
          <option key={one} value={one}>
            {text(one)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Body({ answer, level, retry, open }: { answer: Answer<Report> | null; level: Level; retry: () => void; open: (opened: Opened) => void }) {
  if (answer === null) return <Loading />;
  if (answer.kind !== "answer") return <Trouble answer={answer} retry={retry} />;
  const report = answer.value;
  return (
    <>
      {report.mistakes.map((mistake) => (
        <p key={`${mistake.queue} ${mistake.interval.start}`} class="note bad" role="alert">
          <Icon name="alert" />
          <span>{t("report.mistake", { queue: queueName(mistake.queue), when: mistake.interval.label, n: mistake.missing })}</span>
        </p>
      ))}
      {report.lines.length === 0 ? (
        <Nothing />
      ) : (
        <ReportTable report={report} level={level} open={open} />
      )}
    </>
  );
}

interface OfCallersProps {
  answer: Answer<FlowReport | Resolutions> | null;
  wanted: Wanted;
  zone: string;
  retry: () => void;
  open: (opened: Opened) => void;
}

function OfCallers({ answer, wanted, zone, retry, open }: OfCallersProps) {
  if (answer === null) return <Loading />;
  if (answer.kind !== "answer") return <Trouble answer={answer} retry={retry} />;
  if ("groups" in answer.value) return answer.value.groups.length === 0 ? <Nothing /> : <ResolutionTable answer={answer.value} {...{ wanted, zone, open }} />;
  return answer.value.flows.length === 0 ? <Nothing /> : <FlowTables report={answer.value} {...{ wanted, zone, open }} />;
}

function Nothing() {
  return (
    <p class="blank">
      <Icon name="clock" size={28} />
      <span>
        <strong>{t("report.none")}</strong> {t("report.none.why")}
      </span>
    </p>
  );
}

function Loading() {
  return (
    <div class="report-loading">
      <p role="status">{t("report.loading")}</p>
      <div class="skeleton" />
      <div class="skeleton" />
      <div class="skeleton" />
    </div>
  );
}
