/** The centre's no to what somebody has just asked for, in words. */

import { refusal, refusalText } from "../state/store";

export function Refusal() {
  const refused = refusal.value;
  return (
    <div role="alert" class="refusal-place">
      {refused !== null && <p class="note bad">{refusalText(refused)}</p>}
    </div>
  );
}
