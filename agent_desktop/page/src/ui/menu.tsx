/** A button that opens a short list of choices. Arrow keys move in it, Escape and a click elsewhere close it. */

import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { offlineReason } from "../state/store";
import { Icon, type IconName } from "./icon";

export interface Choice {
  key: string;
  text: string;
  hint?: string;
  icon?: IconName;
  /** Given: one of several of which one is taken. */
  chosen?: boolean;
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
  children: ComponentChildren;
}

export function Menu({ label, icon, choices, disabled, asks = false, look = "plain", head, children }: MenuProps) {
  const waits = asks ? offlineReason() : undefined;
  const [wanted, setOpen] = useState(false);
  const open = wanted && waits === undefined;
  const root = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const id = useId();

  useEffect(() => {
    if (!open) return;
    items(root.current)[0]?.focus();
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
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    move(items(root.current), step);
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
        <div class="menu-list" role="menu" id={id} aria-label={label}>
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
      onClick={() => {
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

function move(all: HTMLElement[], step: number): void {
  const at = all.findIndex((item) => item === document.activeElement);
  all[(at + step + all.length) % all.length]?.focus();
}
