"""A flow has another version when it says something else, or one of its sub-flows does."""

from ivr.flow.settings import FlowName
from ivr.reading.flow_text import Company, Source, flows_of

OUTER = "start: into\nnodes:\n  into: {kind: sub_flow, flow: inner, then: bye}\n  bye: {kind: hang_up}\n"
INNER = "start: back\nnodes:\n  back: {kind: return, prompt: {en: Well}}\n"
OTHER = "start: bye\nnodes:\n  bye: {kind: hang_up}\n"


def versions(**texts: str) -> dict[str, str]:
    """Of three flows, of which one leads through another."""
    files = {"outer": OUTER, "inner": INNER, "other": OTHER} | texts
    sources = {FlowName(name): Source(text, f"{name}.yaml") for name, text in files.items()}
    found = flows_of(sources, Company(("en",), (), flows=tuple(files), entered=("outer", "other")))
    return {str(name): flow.version for name, flow in found.items()}


def test_versions_are_short_and_tell_flows_apart() -> None:
    found = versions()
    assert len(set(found.values())) == 3
    assert all(len(version) == 8 for version in found.values())
    assert versions() == found


def test_a_remark_makes_no_other_version() -> None:
    assert versions(outer=f"# Come in\n{OUTER}", inner=INNER.replace("Well", '"Well"')) == versions()


def test_what_changes_in_a_sub_flow_changes_who_leads_through_it() -> None:
    before, after = versions(), versions(inner=INNER.replace("Well", "Come back"))
    assert {name for name in before if before[name] != after[name]} == {"outer", "inner"}
