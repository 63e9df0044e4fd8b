/** Buttons, all of one kind of body; `kind` says how much one matters. */

import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon";

export interface ButtonProps {
  kind?: "primary" | "plain" | "quiet" | "answer" | "danger" | "danger-quiet";
  size?: "normal" | "large";
  icon?: IconName;
  type?: "button" | "submit";
  disabled?: boolean;
  pressed?: boolean;
  label?: string;
  onClick?: () => void;
  children?: ComponentChildren;
}

export function Button({ kind = "plain", size = "normal", icon, type = "button", disabled, pressed, label, onClick, children }: ButtonProps) {
  return (
    <button
      type={type}
      class={`button ${kind} ${size}`}
      disabled={disabled}
      aria-pressed={pressed}
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      {icon !== undefined && <Icon name={icon} size={size === "large" ? 24 : 20} />}
      {children !== undefined && <span>{children}</span>}
    </button>
  );
}
