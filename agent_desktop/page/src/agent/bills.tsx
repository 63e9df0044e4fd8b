/** What the customer has not paid yet, the most overdue first. */

import { useComputed } from "@preact/signals";
import { day, daysPast, money } from "../format";
import { count, t } from "../i18n";
import { now } from "../state/store";
import type { Bill, Customer } from "../wire";

export function Bills({ customer }: { customer: Customer }) {
  const open = openBills(customer.bills ?? []);
  return (
    <section aria-labelledby="bills-title">
      <h2 id="bills-title">{t("bills.title")}</h2>
      {open.length === 0 ? (
        <p class="muted">{t("bills.none")}</p>
      ) : (
        <table class="bills">
          <thead>
            <tr>
              <th scope="col">{t("bills.number")}</th>
              <th scope="col">{t("bills.due")}</th>
              <th scope="col" class="amount">
                {t("bills.amount")}
              </th>
            </tr>
          </thead>
          <tbody>
            {open.map((bill) => (
              <Row key={bill.number} bill={bill} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** The unpaid ones by due date: ISO dates sort as text. */
export function openBills(bills: readonly Bill[]): readonly Bill[] {
  return bills.filter(({ paid }) => !paid).sort((a, b) => a.due.localeCompare(b.due));
}

function Row({ bill }: { bill: Bill }) {
  const late = useComputed(() => daysPast(bill.due, now.value)).value;
  return (
    <tr class={late > 0 ? "overdue" : ""}>
      <th scope="row">{bill.number}</th>
      <td>
        {day(bill.due)} {late > 0 && <span class="badge late">{count("bills.overdue", late)}</span>}
        {late === 0 && <span class="badge today">{t("bills.today")}</span>}
      </td>
      <td class="amount">{money(bill.amount, bill.currency)}</td>
    </tr>
  );
}
