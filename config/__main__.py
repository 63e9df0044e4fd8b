"""`python -m config` is `callwright`."""

from config.cli import main

if __name__ == "__main__":
    main(prog_name="callwright")
