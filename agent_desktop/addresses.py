"""Whose a network address is, for what is counted by address: failed logins, open connections."""

import ipaddress


def network_of(address: str) -> str:
    """Whom an address belongs to: itself for IPv4; for IPv6 its /64, all of which one machine may use.

    What is no address is given back.
    """
    parsed = _parsed(address)
    match parsed:
        case None:
            return address
        case ipaddress.IPv4Address():
            return str(parsed)
        case ipaddress.IPv6Address():
            return str(ipaddress.IPv6Network((int(parsed), 64), strict=False))


def is_this_machine(address: str) -> bool:
    """Whether it is of the loopback."""
    parsed = _parsed(address)
    return parsed is not None and parsed.is_loopback


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    # How a socket for both families shows who came by IPv4.
    return parsed.ipv4_mapped or parsed if isinstance(parsed, ipaddress.IPv6Address) else parsed
