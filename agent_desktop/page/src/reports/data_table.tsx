/** The frame that tables of figures share: heads, and cells that open. */

import type { ComponentChildren } from "preact";

export interface Head {
  key: string;
  text: string;
  number?: boolean;
}

export function DataTable({ label, heads, children }: { label: string; heads: readonly Head[]; children: ComponentChildren }) {
  return (
    <div class="report-table" role="group" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {heads.map(({ key, text, number }) => (
              <th key={key} scope="col" class={number ? "number" : ""}>
                {text}
              </th>
            ))}
          </tr>
        </thead>
        {children}
      </table>
    </div>
  );
}

/** A figure; `open`: shows what is behind it, null if nothing is. */
export function Cell({ shown, label, open }: { shown: string; label: string; open: (() => void) | null }) {
  return (
    <td class="number">
      {open === null ? (
        shown
      ) : (
        <button type="button" class="figure-button" aria-label={label} onClick={open}>
          {shown}
        </button>
      )}
    </td>
  );
}
