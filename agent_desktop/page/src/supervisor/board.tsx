/** The supervisor's page: the whole centre, live. Totals of today, queues, who waits, what every agent does. */

import { useEffect, useState } from "preact/hooks";
import { logOut } from "../api";
import { t } from "../i18n";
import { Messages, MessagesButton } from "../messages/messages";
import { agentBoards, centre, exit, feed, online, queueBoards, teams } from "../state/store";
import { Icon } from "../ui/icon";
import { LanguageSwitch } from "../ui/language";
import { later } from "../ui/later";
import { LinkBanner, LinkLamp } from "../ui/link";
import { Menu } from "../ui/menu";
import { Refusal } from "../ui/refusal";
import { Agents } from "./agents";
import { Callers } from "./callers";
import { QueueCard } from "./queue_card";
import { Teams } from "./teams";
import { Totals } from "./totals";
import "../styles/board.css";
import "../styles/board_agents.css";

const Reports = later(async () => (await import("../reports/reports")).Reports, () => <p role="status">{t("report.loading")}</p>);

type View = "live" | "reports";
const VIEWS: readonly View[] = ["live", "reports"];

/** What the address says, so that a reload and the button to go back lead where they should. */
const shownView = (): View => (location.hash === "#reports" ? "reports" : "live");

function useView(): View {
  const [view, setView] = useState(shownView);
  useEffect(() => {
    const follow = (): void => setView(shownView());
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return view;
}

export function Board() {
  const view = useView();
  return (
    <div class="board">
      <Bar view={view} />
      <Messages />
      <LinkBanner hint={t("link.banner.supervisor")} />
      <PbxBanner />
      <TroubleBanners />
      <Refusal />
      {view === "reports" ? <Reports /> : <Live />}
    </div>
  );
}

function Live() {
  const queues = queueBoards.value;
  return (
    <main class="board-body">
      <Totals />
      <div class="board-columns">
        <section class="queues" aria-labelledby="queues-title">
          <h2 id="queues-title">{t("board.queues")}</h2>
          {queues.length === 0 && <p class="muted">{t("board.queues.none")}</p>}
          <div class="queue-cards">
            {queues.map((queue) => (
              <QueueCard key={queue.name} queue={queue} />
            ))}
          </div>
        </section>
        <Callers queues={queues} />
        <Teams teams={teams.value} />
        <Agents agents={agentBoards.value} />
      </div>
    </main>
  );
}

function Bar({ view }: { view: View }) {
  const name = feed.value.user?.name ?? "";
  const leave = async (): Promise<void> => {
    await logOut();
    exit();
  };
  return (
    <header class="bar">
      <div class="board-name">
        <Icon name="headset" size={26} />
        <span>
          <h1 dir="auto">{centre.value?.name ?? "Callwright"}</h1>
          <small>{t("board.title")}</small>
        </span>
      </div>
      <nav class="views" aria-label={t("view.label")}>
        {VIEWS.map((one) => (
          <a key={one} href={`#${one}`} aria-current={one === view ? "page" : undefined}>
            {t(`view.${one}`)}
          </a>
        ))}
      </nav>
      <div class="bar-side">
        <MessagesButton />
        <PbxLamp />
        <LinkLamp />
        <LanguageSwitch />
        <Menu label={t("bar.account")} icon="person" look="quiet" choices={[{ key: "leave", text: t("bar.leave"), act: () => void leave() }]}>
          <strong class="account-name" title={name}>
        {name}
      </strong>
        </Menu>
      </div>
    </header>
  );
}

function PbxLamp() {
  const nodes = centre.value?.pbx ?? [];
  if (nodes.length === 0 || !nodes.every(({ connected }) => connected)) return null;
  const [look, text] = online.value ? (["good", t("board.pbx.ok")] as const) : (["unknown", t("board.pbx.unknown")] as const);
  return (
    <span class={`lamp ${look}`} title={text}>
      <span class="lamp-text">{text}</span>
    </span>
  );
}

/** A PBX that is away is the loudest thing on the page: nothing works without it. */
function PbxBanner() {
  const down = (centre.value?.pbx ?? []).filter(({ connected }) => !connected);
  return (
    <div role="alert">
      {down.map(({ node, taken }) => (
        <p key={node} class="banner bad">
          <Icon name="alert" />
          <strong>{t(taken ? "board.pbx.taken" : "board.pbx.down", { node })}</strong>{" "}
          <span>{t(taken ? "board.pbx.taken.why" : "board.pbx.down.why")}</span>
        </p>
      ))}
    </div>
  );
}

/** What else does not work as it should. Calls go on meanwhile, so it is not as loud; the reason is for who can mend it. */
function TroubleBanners() {
  return (
    <div role="status">
      {Object.entries(centre.value?.troubles ?? {}).map(([part, why]) => {
        const [kind, node = ""] = part.split(":");
        const known = kind === "voice" || kind === "storage" || kind === "phones" ? kind : null;
        return (
          <p key={part} class="banner">
            <Icon name="alert" />
            <strong>{known ? t(`board.trouble.${known}`, { node }) : part}</strong> {known && <span>{t(`board.trouble.${known}.why`)}</span>}
            <small class="banner-reason" lang="en">
              {why}
            </small>
          </p>
        );
      })}
    </div>
  );
}
