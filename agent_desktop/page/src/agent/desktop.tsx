/** The agent's desktop: what she looks at eight hours a day. The state on top, the customer in the middle, her queues beside. */

import { useEffect } from "preact/hooks";
import { t } from "../i18n";
import { Messages } from "../messages/messages";
import { notice, pop, refusal, refusalText, state, wrapUp } from "../state/store";
import { LinkBanner } from "../ui/link";
import { CallStrip } from "./call_strip";
import { CustomerCard } from "./customer";
import { Empty } from "./empty";
import { Notices } from "./notices";
import { PhoneTrouble } from "./phone_trouble";
import { Queues } from "./queues";
import { useSeen } from "./seen";
import { Start } from "./start";
import { TopBar } from "./top_bar";
import { WrapUpPanel } from "./wrap_up";
import { keepTheDraft } from "./wrap_up_draft";
import { watchThePhone } from "../phone/store";
import "../styles/agent.css";
import "../styles/wrap_up.css";
import "../styles/customer.css";

watchThePhone();
keepTheDraft();

export function Desktop() {
  useSeen();
  const here = state.value;
  useEffect(() => {
    document.documentElement.dataset["state"] = here?.kind ?? "";
    return () => delete document.documentElement.dataset["state"];
  }, [here?.kind]);
  if (here === null) return null;

  const open = pop.value;
  const wrap = wrapUp.value;
  // While she talks the customer has the middle, and her notes are beside him; afterwards it is the other way round.
  const after = here.kind === "after_call_work";
  return (
    <div class="desktop">
      <TopBar state={here} />
      <Messages />
      <LinkBanner hint={t("link.banner.agent")} />
      <div class="columns">
        <main class="middle">
          {/* The call comes first, so that nothing that is told of it moves its buttons away under her hand. */}
          {open !== null && open.phase !== "wrap_up" && <CallStrip pop={open} />}
          <Refusal />
          <Notices notice={notice.value} />
          <PhoneTrouble />
          {wrap !== null && after && <WrapUpPanel wrap={wrap} />}
          {open !== null && <CustomerCard pop={open} />}
          {open === null && wrap === null && (here.kind === "logged_out" ? <Start /> : <Empty state={here} />)}
        </main>
        <div class="beside">
          {wrap !== null && !after && <WrapUpPanel wrap={wrap} />}
          <Queues />
        </div>
      </div>
    </div>
  );
}

function Refusal() {
  const refused = refusal.value;
  return (
    <div role="alert" class="refusal-place">
      {refused !== null && <p class="note bad">{refusalText(refused)}</p>}
    </div>
  );
}
