/** What to call the caller: his name if anybody knows it, else his number. */

import { t } from "../i18n";
import type { Pop } from "../wire";

export function number(pop: Pop): string {
  return pop.caller.number || t("customer.withheld");
}

export function caller(pop: Pop): string {
  return pop.customer.name || pop.caller.name || number(pop);
}
