/** The switch between the page's languages; each is called by its own name. */

import { language, LANGUAGES, t, TAGS, type Language } from "../i18n";
import { choose } from "../i18n/choice";

export function LanguageSwitch() {
  return (
    <div class="languages" role="group" aria-label={t("bar.language")}>
      {(Object.keys(LANGUAGES) as Language[]).map((one) => (
        <button key={one} type="button" lang={TAGS[one]} aria-pressed={language.value === one} onClick={() => choose(one)}>
          {LANGUAGES[one]}
        </button>
      ))}
    </div>
  );
}
