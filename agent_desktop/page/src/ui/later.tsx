/** A page whose code is fetched when it is first shown. */

import { signal } from "@preact/signals";
import type { FunctionComponent } from "preact";

export function later(load: () => Promise<FunctionComponent>, meanwhile: FunctionComponent): FunctionComponent {
  const loaded = signal<FunctionComponent | null>(null);
  let asked = false;
  return function Later() {
    if (!asked) {
      asked = true;
      void load().then((page) => (loaded.value = page));
    }
    const Page = loaded.value ?? meanwhile;
    return <Page />;
  };
}
