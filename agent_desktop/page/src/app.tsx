/** Which page is shown: the login, the agent's desktop, the supervisor's board, or why there is none. */

import { useEffect } from "preact/hooks";
import { t } from "./i18n";
import { Login } from "./login/login";
import { enter, feed, pop, session } from "./state/store";
import { caller } from "./agent/caller";
import { Button } from "./ui/button";
import { Icon } from "./ui/icon";
import { later } from "./ui/later";

const Desktop = later(async () => (await import("./agent/desktop")).Desktop, Waiting);
const Board = later(async () => (await import("./supervisor/board")).Board, Waiting);

export function App() {
  const ringing = pop.value?.phase === "ringing" ? caller(pop.value) : null;
  const title = ringing === null ? t("title.plain") : t("title.ringing", { who: ringing });
  useEffect(() => {
    document.title = title;
  }, [title]);

  const here = session.value;
  switch (here.kind) {
    case "checking":
      return <Waiting />;
    case "unreachable":
    case "out":
      return <Login centre={here.kind === "out" ? here.centre : null} unreachable={here.kind === "unreachable"} />;
    case "stopped":
      return <Stopped code={here.code} again={() => (here.code === "version" ? location.reload() : enter(here.user))} />;
    case "in":
      if (feed.value.user === null) return <Waiting />;
      return feed.value.user.role === "supervisor" ? <Board /> : <Desktop />;
  }
}

function Waiting() {
  return (
    <main class="waiting" aria-busy="true">
      <p role="status">{t("link.loading")}</p>
      <div class="skeleton waiting-bar" />
      <div class="skeleton waiting-body" />
    </main>
  );
}

function Stopped({ code, again }: { code: "replaced" | "version" | "origin"; again: () => void }) {
  return (
    <main class="stopped">
      <Icon name={code === "replaced" ? "windows" : "alert"} size={40} />
      <h1>{t(`stopped.${code}`)}</h1>
      <p>{t(`stopped.${code}.why`)}</p>
      <Button kind="primary" onClick={again}>
        {t(`stopped.${code}.do`)}
      </Button>
    </main>
  );
}
