/** A button that opens a list of choices. Arrow keys, Home and End move in it, Escape and a click elsewhere close it. */

import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { offlineReason } from "../state/store";
import { useFloating } from "./floating";
import { Icon, type IconName } from "./icon";

export interface Choice {
  key: string;
  text: string;
  hint?: string;
  icon?: IconName;
  /** Given: one of several of which one is taken. */
  chosen?: boolean;
  /** It is shown, with its hint that says why, and does nothing. */
  disabled?: boolean;
  act: () => void;
}

interface MenuProps {
  label: string;
  icon?: IconName;
  choices: readonly Choice[];
  disabled?: boolean;
  /** All its choices are for the centre: it does not open while the connection is lost. */
  asks?: boolean;
  look?: string;
  /** Said above the choices. */
  head?: string;
  /** It stands in something that scrolls: the list must not be clipped by it. */
  floats?: boolean;
  children: ComponentChildren;
}

export function Menu({ label, icon, choices, disabled, asks = false, look = "plain", head, floats = false, children }: MenuProps) {
  const waits = asks ? offlineReason() : undefined;
  const [wanted, setOpen] = useState(false);
  const open = wanted && waits === undefined;
  const root = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  useFloating(open && floats, opener, list);

  useEffect(() => {
    if (!open) return;
    items(root.current)[0]?.focus({ preventScroll: floats });
    const away = (event: Event): void => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, [open]);

  const close = (): void => {
    setOpen(false);
    opener.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!open) return;
    if (event.key === "Escape") close();
    if (event.key === "Tab") setOpen(false);
    const to = moved(items(root.current), event.key);
    if (to === undefined) return;
    event.preventDefault();
    to.focus();
  };

  return (
    <div class="menu" ref={root} onKeyDown={onKeyDown}>
      <button
        type="button"
        class={`button ${look} normal`}
        ref={opener}
        disabled={disabled}
        aria-disabled={waits !== undefined || undefined}
        title={waits}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {icon !== undefined && <Icon name={icon} />}
        <span class="menu-text">
          <span class="unseen">{label}: </span>
          {children}
        </span>
        <Icon name="down" size={16} />
      </button>
      {open && (
        <div class={`menu-list ${floats ? "floats" : ""}`} role="menu" id={id} ref={list} aria-label={label}>
          {head !== undefined && (
            <p class="menu-head" role="presentation">
              {head}
            </p>
          )}
          {choices.map((choice) => (
            <Item key={choice.key} choice={choice} close={close} />
          ))}
        </div>
      )}
    </div>
  );
}

function Item({ choice, close }: { choice: Choice; close: () => void }) {
  const one = choice.chosen !== undefined;
  return (
    <button
      type="button"
      class="menu-item"
      role={one ? "menuitemradio" : "menuitem"}
      aria-checked={one ? choice.chosen : undefined}
      tabIndex={-1}
      aria-disabled={choice.disabled || undefined}
      onClick={() => {
        if (choice.disabled) return;
        close();
        choice.act();
      }}
    >
      {choice.icon !== undefined && <Icon name={choice.icon} />}
      <span>
        {choice.text}
        {choice.hint !== undefined && <small>{choice.hint}</small>}
      </span>
      {choice.chosen === true && <Icon name="ready" size={16} />}
    </button>
  );
}

function items(root: HTMLElement | null): HTMLElement[] {
  return [...(root?.querySelectorAll<HTMLElement>(".menu-item") ?? [])];
}

/** Where a key leads to from the choice that has the focus, if it leads anywhere. */
function moved(all: HTMLElement[], key: string): HTMLElement | undefined {
  const at = all.findIndex((item) => item === document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[key];
  return to === undefined ? undefined : all.at(to % all.length);
}
