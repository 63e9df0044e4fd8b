"""Where each PBX is, by the settings of this installation."""

from config.settings import Pbx as PbxSettings
from cti.edge.ami import AmiAddress
from cti.edge.ari_rest import AriAddress


def ari_address(pbx: PbxSettings) -> AriAddress:
    """Where the settings say that ARI is."""
    return AriAddress(f"{pbx.ari.url.rstrip('/')}/ari", pbx.ari.user, pbx.ari.password, pbx.ari.app)


def ami_address(pbx: PbxSettings) -> AmiAddress:
    """Where the settings say that AMI is."""
    return AmiAddress(pbx.ami.host, pbx.ami.port, pbx.ami.user, pbx.ami.password)
