/** What to say where an answer should be and is none. */

import { t } from "../i18n";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import type { Answer } from "./ask";

export function Trouble({ answer, retry }: { answer: Exclude<Answer<unknown>, { kind: "answer" }>; retry?: () => void }) {
  const text = answer.kind === "refused" ? t("report.refused", { text: answer.text }) : t(`report.${answer.kind}`);
  return (
    <div class="note bad" role="alert">
      <Icon name="alert" />
      <p>{text}</p>
      {retry !== undefined && <Button onClick={retry}>{t("report.again")}</Button>}
    </div>
  );
}
