"""The command line: `callwright COMMAND`."""

import click

from config import __version__
from config.commands.asterisk import asterisk
from config.commands.customers import customers
from config.commands.demo import demo
from config.commands.doctor import doctor
from config.commands.files import check, schema
from config.commands.people import passwd
from config.commands.serve import record, serve
from config.commands.traces import replay


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="callwright %(version)s")
def main() -> None:
    """A contact centre on your own Asterisk.

    To see it work, with nothing installed beside it: callwright demo
    """


for command in (demo, serve, check, doctor, asterisk, passwd, customers, record, replay, schema):
    main.add_command(command)
