"""The configuration of an Asterisk that serves Callwright, generated: what `callwright asterisk config` writes."""

from config.asterisk_files.render import FILE_NAMES, render
from config.asterisk_files.site import (
    Account,
    AsteriskSite,
    AsteriskSiteError,
    Listener,
    Phone,
    PhoneKind,
    Trunk,
    check,
)
from config.asterisk_files.write import AsteriskFilesExistError, new_password, write_files

__all__ = [
    "FILE_NAMES",
    "Account",
    "AsteriskFilesExistError",
    "AsteriskSite",
    "AsteriskSiteError",
    "Listener",
    "Phone",
    "PhoneKind",
    "Trunk",
    "check",
    "new_password",
    "render",
    "write_files",
]
