"""Passwords and PINs as they are given to a command: typed twice and not shown, or one line of standard input."""

import sys

import click


def typed_secret(what: str) -> str:
    """From whoever sits at the terminal, or from the program that gives us our input. `what` it is (`password`)."""
    if sys.stdin is not None and sys.stdin.isatty():
        typed: str = click.prompt(f"{what[0].upper()}{what[1:]}", hide_input=True, confirmation_prompt=True)
        return typed
    line = sys.stdin.buffer.readline() if sys.stdin is not None else b""
    if not line:
        raise click.BadParameter(f"there is no {what} in standard input", param_hint=what)
    try:
        return line.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise click.BadParameter("not UTF-8", param_hint=what) from None
