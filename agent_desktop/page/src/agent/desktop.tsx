/** The agent's desktop: what she looks at eight hours a day. The state on top, the customer in the middle, her queues beside. */

import { useEffect } from "preact/hooks";
import { t } from "../i18n";
import { Messages } from "../messages/messages";
import { notices, state } from "../state/store";
import { LinkBanner } from "../ui/link";
import { Refusal } from "../ui/refusal";
import { CallStrip } from "./call_strip";
import { CallTabs } from "./call_tabs";
import { asking, current, followTheCalls } from "./calls";
import { CustomerCard } from "./customer";
import { chimeForMessages } from "./chime";
import { Empty } from "./empty";
import { MessageCard } from "./message";
import { Notices } from "./notices";
import { PhoneTrouble } from "./phone_trouble";
import { Queues } from "./queues";
import { useSeen } from "./seen";
import { Start } from "./start";
import { TopBar } from "./top_bar";
import { isTyping, WrapUpPanel } from "./wrap_up";
import { keepTheDrafts } from "./wrap_up_draft";
import { watchThePhone } from "../phone/store";
import "../styles/agent.css";
import "../styles/calls.css";
import "../styles/wrap_up.css";
import "../styles/customer.css";

watchThePhone();
followTheCalls(isTyping);
chimeForMessages();
keepTheDrafts();

export function Desktop() {
  useSeen();
  const here = state.value;
  useEffect(() => {
    document.documentElement.dataset["state"] = here?.kind ?? "";
    return () => delete document.documentElement.dataset["state"];
  }, [here?.kind]);
  if (here === null) return null;

  const open = current.value?.pop ?? null;
  const wrap = current.value?.wrap_up ?? null;
  const asks = asking.value?.pop ?? null;
  // While she talks the customer has the middle, and her notes are beside him; afterwards it is the other way round.
  const after = open?.phase === "wrap_up";
  return (
    <div class="desktop">
      <TopBar state={here} />
      <Messages />
      <LinkBanner hint={t("link.banner.agent")} />
      <div class="columns">
        <main class="middle">
          <CallTabs />
          {asks !== null && asks.interaction !== open?.interaction && <CallStrip pop={asks} named />}
          {/* The call comes first, so that nothing that is told of it moves its buttons away under her hand. */}
          {open !== null && !after && <CallStrip pop={open} />}
          <Refusal />
          <Notices notices={notices.value} state={here} />
          <PhoneTrouble />
          {open !== null && wrap !== null && after && <WrapUpPanel key={open.interaction} pop={open} wrap={wrap} />}
          {open?.voicemail && <MessageCard key={open.voicemail} pop={open} id={open.voicemail} />}
          {open !== null && <CustomerCard pop={open} />}
          {open === null && (here.kind === "logged_out" ? <Start /> : <Empty state={here} />)}
        </main>
        <div class="beside">
          {open !== null && wrap !== null && !after && <WrapUpPanel key={open.interaction} pop={open} wrap={wrap} />}
          <Queues />
        </div>
      </div>
    </div>
  );
}
