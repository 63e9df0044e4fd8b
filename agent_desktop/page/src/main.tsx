/** The page begins here. */

import { render } from "preact";
import { whoAmI } from "./api";
import { App } from "./app";
import { startLanguage } from "./i18n/choice";
import { rememberCentre } from "./login/recall";
import { sipCall } from "./phone/store";
import { enter, session, watchTheWorld } from "./state/store";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/shell.css";
import "./styles/login.css";
import { reloadAfterUpdates } from "./update";

/** Seconds between two attempts while the centre does not answer at all. */
const AGAIN = 3;

async function begin(): Promise<void> {
  const who = await whoAmI();
  if (who.kind === "in") return enter(who.user);
  session.value = who;
  if (who.kind === "unreachable") setTimeout(() => session.value.kind === "unreachable" && void begin(), AGAIN * 1000);
}

async function start(root: Element): Promise<void> {
  watchTheWorld();
  reloadAfterUpdates(() => sipCall.value !== "none");
  rememberCentre();
  await startLanguage();
  render(<App />, root);
  await begin();
}

const root = document.getElementById("page");
if (root !== null) void start(root);
