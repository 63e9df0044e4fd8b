/** Buttons, all of one kind of body; `kind` says how much one matters. */

import type { ComponentChildren } from "preact";
import { offlineReason } from "../state/store";
import { Icon, type IconName } from "./icon";

export interface ButtonProps {
  kind?: "primary" | "plain" | "quiet" | "answer" | "danger" | "danger-quiet";
  size?: "normal" | "large";
  icon?: IconName;
  type?: "button" | "submit";
  disabled?: boolean;
  pressed?: boolean;
  label?: string;
  /** It does nothing without the centre. While the connection is lost it keeps its place and the focus, and says why it waits. */
  asks?: boolean;
  onClick?: () => void;
  children?: ComponentChildren;
}

export function Button({ kind = "plain", size = "normal", icon, type = "button", disabled, pressed, label, asks = false, onClick, children }: ButtonProps) {
  const waits = asks ? offlineReason() : undefined;
  return (
    <button
      type={type}
      class={`button ${kind} ${size}`}
      disabled={disabled}
      aria-disabled={waits !== undefined || undefined}
      aria-pressed={pressed}
      aria-label={label}
      title={waits ?? label}
      onClick={waits === undefined ? onClick : (event) => event.preventDefault()}
    >
      {icon !== undefined && <Icon name={icon} size={size === "large" ? 24 : 20} />}
      {children !== undefined && <span>{children}</span>}
    </button>
  );
}
