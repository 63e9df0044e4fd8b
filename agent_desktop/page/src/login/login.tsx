/** The way in: the name of the centre, user, password, and plain words when it does not work. */

import { useEffect, useState } from "preact/hooks";
import { logIn, type LoginAnswer } from "../api";
import { count, t } from "../i18n";
import { enter } from "../state/store";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import { LanguageSwitch } from "../ui/language";
import { recalledCentre } from "./recall";

type Trouble = Exclude<LoginAnswer, { kind: "in" }> | { kind: "empty" };

export function Login({ centre, unreachable }: { centre: string | null; unreachable: boolean }) {
  const name = centre ?? recalledCentre();
  return (
    <main class="login">
      <div class="login-brand">
        {name !== null && (
          <p class="login-mark">
            <Icon name="headset" size={28} /> Callwright
          </p>
        )}
        <h1 dir="auto">{name ?? "Callwright"}</h1>
        <p>{t("login.lead")}</p>
      </div>
      <div class="login-side">
        <LanguageSwitch />
        <Form unreachable={unreachable} />
      </div>
    </main>
  );
}

const PASSWORD = { id: "password", name: "password", autocomplete: "current-password", required: true } as const;

function Form({ unreachable }: { unreachable: boolean }) {
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);
  const [shown, show] = useState(false);
  const left = useCountdown(trouble?.kind === "locked_out" ? trouble : null, () => setTrouble(null));

  const submit = async (form: HTMLFormElement): Promise<void> => {
    const data = new FormData(form);
    const [user, password] = [String(data.get("user")).trim(), String(data.get("password"))];
    if (user === "" || password === "") return setTrouble({ kind: "empty" });
    setBusy(true);
    setTrouble(null);
    const answer = await logIn(user, password);
    setBusy(false);
    if (answer.kind === "in") return enter(answer.user);
    setTrouble(answer);
    if (answer.kind === "wrong_password") form.querySelector<HTMLInputElement>("#password")?.select();
  };

  const told: Trouble | null = trouble ?? (unreachable ? { kind: "unreachable" } : null);
  return (
    <form
      class="login-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit(event.currentTarget);
      }}
    >
      <h2>{t("login.title")}</h2>
      <label for="user">{t("login.user")}</label>
      <input id="user" name="user" autocomplete="username" autocapitalize="none" spellcheck={false} autofocus required />
      <label for="password">{t("login.password")}</label>
      <div class="login-password">
        {shown ? <input {...PASSWORD} type="text" spellcheck={false} /> : <input {...PASSWORD} type="password" />}
        <button type="button" aria-pressed={shown} aria-label={t(shown ? "login.hide" : "login.show")} title={t(shown ? "login.hide" : "login.show")} onClick={() => show(!shown)}>
          <Icon name="eye" />
        </button>
      </div>
      <div role="alert">
        {told !== null && (
          <p class="note bad">
            <Icon name="alert" />
            <span>{told.kind === "locked_out" ? count("login.locked", left) : words(told)}</span>
          </p>
        )}
      </div>
      <Button kind="primary" size="large" type="submit" disabled={busy || trouble?.kind === "locked_out"}>
        {t(busy ? "login.busy" : "login.submit")}
      </Button>
    </form>
  );
}

function words(trouble: Exclude<Trouble, { kind: "locked_out" }>): string {
  switch (trouble.kind) {
    case "wrong_password":
      return t("login.wrong");
    case "empty":
      return t("login.empty");
    case "unreachable":
      return t("login.unreachable");
    case "failed":
      return t("login.failed", { code: trouble.code });
  }
}

/** The seconds of a lock-out that are left; calls back when they are over. */
function useCountdown(lock: { seconds: number } | null, over: () => void): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (lock === null) return;
    const end = performance.now() + lock.seconds * 1000;
    setLeft(lock.seconds);
    const timer = setInterval(() => {
      const rest = Math.ceil((end - performance.now()) / 1000);
      setLeft(rest);
      if (rest <= 0) over();
    }, 250);
    return () => clearInterval(timer);
  }, [lock]);
  return left;
}
