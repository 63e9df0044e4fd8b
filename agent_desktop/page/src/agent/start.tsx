/** Before work: which phone she talks on today. */

import { useState } from "preact/hooks";
import { type Key, t } from "../i18n";
import { ask, me, sip } from "../state/store";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import { phoneIcon } from "../ui/state";
import type { PhoneKind } from "../wire";

/** Who may have several calls at once has them on the desk: a browser is one line. */
function spoken(kind: PhoneKind, capacity: number): Key {
  return kind === "browser" && capacity > 1 ? "start.browser.line" : `start.${kind}`;
}

export function Start() {
  const here = me.value;
  const [wished, wish] = useState<PhoneKind>(here?.phone ?? "desk");
  if (here === null) return null;
  const phones = here.phones.map(({ kind }) => ({ kind, usable: kind !== "browser" || sip.value !== null }));
  const usable = phones.filter((phone) => phone.usable);
  const chosen = (usable.find(({ kind }) => kind === wished) ?? usable[0])?.kind;
  return (
    <section class="start">
      <h1>{t("start.title", { name: here.name })}</h1>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen !== undefined) void ask({ verb: "log_in", phone: chosen });
        }}
      >
        <fieldset>
          <legend>{t("start.lead")}</legend>
          <div class="start-phones">
            {phones.map(({ kind, usable: can }) => (
              <label key={kind} class="start-phone">
                <input type="radio" name="phone" value={kind} disabled={!can} checked={chosen === kind} onChange={() => wish(kind)} />
                <Icon name={phoneIcon(kind)} size={32} />
                <strong>{t(`phone.${kind}`)}</strong>
                <span>{t(can ? spoken(kind, here.capacity ?? 1) : "start.browser.none")}</span>
              </label>
            ))}
          </div>
          {here.phones.length === 0 && <p class="note bad">{t("phone.elsewhere")}</p>}
        </fieldset>
        <div class="start-do">
          <Button asks kind="primary" size="large" type="submit" icon="headset" disabled={chosen === undefined}>
            {t("start.do")}
          </Button>
          <p>{t("start.after")}</p>
        </div>
      </form>
    </section>
  );
}
