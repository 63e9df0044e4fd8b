"""The settings file and the environment over it."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as rules
from hypothesis import strategies as st

from config.settings import Settings
from config.settings_file import load_settings
from ivr.files.mistakes import FileMistakes

FILE = """
center = "centre/center.yaml"
data = "var"
[web]
port = 9000
[[pbx]]
name = "pbx1"
ari = { url = "http://10.0.0.5:8088", user = "u", password = "from the file" }
[[pbx]]
name = "Pbx-two"
[pbx.ari]
url = "http://10.0.0.6:8088"
[sip_passwords]
anna-web = "x"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "callwright.toml"
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(folder: Path, text: str, **environment: str) -> list[str]:
    """What is told of settings that are refused, without the folder."""
    with pytest.raises(FileMistakes) as refused:
        load_settings(written(folder, text), environment)
    return str(refused.value).replace(f"{folder}/", "").splitlines()


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, FILE), {})
    assert settings.center == str(tmp_path / "centre/center.yaml")
    assert settings.data == str(tmp_path / "var")
    assert settings.database_url() == f"sqlite:///{tmp_path}/var/callwright.db"
    assert settings.web.port == 9000


def test_all_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    extra = 'database = "sqlite:///centre.db"\n[speech]\nrecordings = "voices"\n'
    settings = load_settings(written(tmp_path, extra), {})
    assert settings.database_url() == f"sqlite:///{tmp_path}/centre.db"
    assert settings.speech.recordings == str(tmp_path / "voices")
    assert settings.web.certificate == ""


def test_nothing_need_be_said(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, "# nothing yet\n"), {})
    assert (settings.web, settings.pbx, settings.country) == (Settings().web, (), "DE")


# -- the environment ---------------------------------------------------------------------------------------------------


def test_the_environment_comes_over_the_file(tmp_path: Path) -> None:
    environment = {
        "CALLWRIGHT_WEB__PORT": "9001",
        "CALLWRIGHT_WEB__PROXIES": "127.0.0.1, ::1",
        "CALLWRIGHT_PBX__PBX1__ARI__PASSWORD": "from outside",
        "CALLWRIGHT_PBX__PBX_TWO__AMI__PASSWORD": "12345",
        "CALLWRIGHT_SIP_PASSWORDS__ANNA_WEB": "y",
        "CALLWRIGHT_SIP_PASSWORDS__BEN": "z",
        "CALLWRIGHT_DATABASE": "postgresql://a@b/c",
        "CALLWRIGHT_CONFIG": "names the file itself",
        "PATH": "/bin",
    }
    settings = load_settings(written(tmp_path, FILE), environment)
    assert (settings.web.port, settings.web.proxies) == (9001, ("127.0.0.1", "::1"))
    one, two = settings.pbx
    assert (one.ari.user, one.ari.password, two.ami.password) == ("u", "from outside", "12345")
    assert dict(settings.sip_passwords) == {"anna-web": "y", "ben": "z"}
    assert settings.database_url() == "postgresql://a@b/c"


def test_the_environment_mends_what_is_wrong_in_the_file(tmp_path: Path) -> None:
    assert load_settings(written(tmp_path, "[web]\nport = 'x'"), {"CALLWRIGHT_WEB__PORT": "1"}).web.port == 1


@pytest.mark.parametrize(
    ("text", "variable", "told"),
    [
        ("web = 3", "WEB__PORT", "callwright.toml:1:7: expected the settings of the page, not one value"),
        ("[[web]]\nport = 3", "WEB__PORT", "callwright.toml:1:1: expected the settings of the page, not a list"),
        ("pbx = [{ name = 'pbx1', ari = 'x' }]", "PBX__PBX1__ARI__PASSWORD", "callwright.toml:1:31: expected "),
        ("pbx = [{ name = 'pbx1', ari = ['x'] }]", "PBX__PBX1__ARI__PASSWORD", "callwright.toml:1:31: expected "),
        ("sip_passwords = 'x'", "SIP_PASSWORDS__ANNA", "callwright.toml:1:17: expected browser telephones with"),
        ("sip_passwords = ['x']", "SIP_PASSWORDS__ANNA", "callwright.toml:1:17: expected browser telephones with"),
    ],
)
def test_what_cannot_hold_a_setting_is_told_where_it_stands(
    tmp_path: Path, text: str, variable: str, told: str
) -> None:
    """The variable is right, but the file has something else in the place that it belongs into."""
    (line,) = mistakes(tmp_path, text, **{f"CALLWRIGHT_{variable}": "12"})
    assert line.startswith(told)


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("WEB__PORT", "many", "'many' is not right; expected a port"),
        ("WEB__PROT", "1", "there is no setting 'prot' here; did you mean 'port'?"),
        ("DATABSE", "x", "there is no setting 'databse' here; did you mean 'database'?"),
        ("PBX__PBX9__ARI__PASSWORD", "x", "the settings have no [[pbx]] named 'pbx9'; did you mean 'pbx1'?"),
        ("PBX__PBX1", "secret", "expected a PBX, not one value"),
        ("SIP_PASSWORDS", "secret", "expected browser telephones with their passwords, not one value"),
        ("PBX", "secret", "expected a list of PBXs ([[pbx]]), as in `[one, two]`, not one value"),
        ("DATA__X__Y", "x", "`data` has no parts"),
        ("PBX__PBX1__ARI__PASSWORD__X", "secret", "`pbx.0.ari.password` has no parts"),
        ("", "x", "there is no setting '' here"),
        ("COUNTRY", "Germany", "there is no country 'Germany'; did you mean 'DE' (Germany)?"),
        ("PBX__PBX1__ARI__URL", "10.0.0.5", "'10.0.0.5' is not right; expected the address of Asterisk's web server"),
        ("LOGS__LEVEL", "loud", "'loud' is no level of logs; there are 'debug', 'error', 'info', 'warning'"),
        ("DATABASE", "mysql://me:secret@here/x", "begins with mysql; expected sqlite or postgresql"),
        ("WEB__PROXIES", "127.0.0.1,proxy", "'proxy' is not right; expected an IP address"),
    ],
)
def test_a_wrong_variable_is_named(tmp_path: Path, variable: str, value: str, told: str) -> None:
    (line,) = mistakes(tmp_path, FILE, **{f"CALLWRIGHT_{variable}": value})
    assert line.startswith(f"CALLWRIGHT_{variable} in the environment: ")
    assert told in line
    assert "secret" not in line


# -- mistakes in the file ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[web]\nprot = 1", "callwright.toml:2:1: there is no setting 'prot' here; did you mean 'port'?"),
        ("[web]\n  port = 70000", "callwright.toml:2:10: '70000' is not right; expected a port (at least 0, at most"),
        ("[web]\nport = 'many'", "callwright.toml:2:8: 'many' is not right; expected a port"),
        ("web.port = 'many'", "callwright.toml:1:12: 'many' is not right; expected a port"),
        ("web = { port = 'many' }", "callwright.toml:1:16: 'many' is not right; expected a port"),
        ("[wbe]\nport = 1", "callwright.toml:1:2: there is no setting 'wbe' here; did you mean 'web'?"),
        ("web = 3", "callwright.toml:1:7: expected the settings of the page, not one value"),
        ("center = ['a']", "callwright.toml:1:10: expected a file, not a list"),
        ("country = 'Germany'", "callwright.toml:1:11: there is no country 'Germany'; did you mean 'DE' (Germany)?"),
        ("country = 'de'", "callwright.toml:1:11: there is no country 'de'; did you mean 'DE' (Germany)?"),
        ("country = 'UK'", "callwright.toml:1:11: there is no country 'UK'; did you mean 'GB' (United Kingdom)?"),
        ("country = 'Germny'", "did you mean 'DE' (Germany)?"),
        ("country = 'XQ'", "there is no country 'XQ'; expected two capital letters such as DE, US or CN"),
        ("[[pbx]]\nname = 'PBX one'", "callwright.toml:2:8: 'PBX one' is not right; expected the name of a PBX"),
        ("\n[[pbx]]\nari = {}", "callwright.toml:2:1: `name` is missing: the name of a PBX"),
        ("[[pbx]]\nname='a'\n[[pbx]]\nname='a'", "callwright.toml:4:6: 'a' is the name of another [[pbx]] already"),
        ("[[pbx]]\nname='a'\n[pbx.ari]\nurl='ws://x'", "callwright.toml:4:5: 'ws://x' is not right; expected the ad"),
        ("[[pbx]]\nname='a'\nphone_socket='http://x'", "callwright.toml:3:14: 'http://x' is not right; expected where"),
        ("[pbx]\nname='a'", "callwright.toml:1:1: expected a list of PBXs ([[pbx]]), as in `["),
        ("[web]\nproxies = ['proxy.lan']", "callwright.toml:2:12: 'proxy.lan' is not right; expected an IP address"),
        ("[web]\nkey = 'k.pem'", "callwright.toml:2:7: there is a `key`, but no `certificate`"),
        (
            "[web]\npublic_url = 'calls.example.com'",
            "callwright.toml:2:14: 'calls.example.com' is not right; expected how browsers call us",
        ),
        ("[logs]\nformat = 'jsn'", "callwright.toml:2:10: 'jsn' is no format of logs; did you mean 'json'?"),
        ("database = 'mysql://root@localhost/x'", "callwright.toml:1:12: the database URL begins with mysql; exp"),
        ("country = '" + "D" * 500 + "'", "there is no country '" + "D" * 59 + "…';"),
        ("database = 'postgresql://u:p@:99999/x'", "callwright.toml:1:12: the database URL has the port 99999; "),
        ("database = 'postgresql://u:p@db:0/x'", "callwright.toml:1:12: the database URL has the port 0; "),
        ("database = 'postgresql://u:p@:5432/x'", "callwright.toml:1:12: the database URL names a port, but no host"),
        ("database = 'postgresql://u:p@d b/x'", "callwright.toml:1:12: the database URL has a space in its host"),
        ("this is no TOML", "callwright.toml:1:6: not TOML: Expected '=' after a key"),
        ("host = \n", 'callwright.toml:1:8: not TOML: Invalid value (a text stands in "quotes")'),
        ("[web]\nhost = 127.0.0.1", "callwright.toml:2:"),
        ("[web.a]\n[web.a]", "callwright.toml:2:7: not TOML: Cannot declare web.a twice"),
        ("center = ''", "callwright.toml:1:10: '' is not right; expected a file"),
        ('data = "\\u0000"', "callwright.toml:1:8: '\\x00' is not right; expected a folder"),
        ("a = '", "callwright.toml:1:6: not TOML"),
        ("a = " + "[" * 5000, "nested too deep"),
        ("a = " + "9" * 5000, "not TOML"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    lines = mistakes(tmp_path, text)
    assert any(told in line for line in lines), lines


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = "country = 'XQ'\n[web]\nport = -1\nhots = ''\n[[pbx]]\nname = 'a b'\n"
    told = mistakes(tmp_path, text, CALLWRIGHT_LOGS__FORMAT="x")
    assert [line.split(" ")[0] for line in told] == [
        "callwright.toml:1:11:",
        "callwright.toml:3:8:",
        "callwright.toml:4:1:",
        "callwright.toml:6:8:",
        "CALLWRIGHT_LOGS__FORMAT",
    ]


def test_a_secret_is_not_told(tmp_path: Path) -> None:
    for text in ("sip_passwords = 'hush'", "[[pbx]]\nname='a'\nari = 'hush'", "[web]\nmetrics_token = ['hush']"):
        assert "hush" not in mistakes(tmp_path, text)[0]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:p@db:5432/x",
        "postgresql://[::1]/x",
        "postgresql:///x",
        "postgresql://u@/x?host=/var/run/postgresql",
        "postgresql://u@:5433/x?host=/var/run/postgresql",
    ],
)
def test_a_database_on_this_machine_or_another(tmp_path: Path, url: str) -> None:
    """Without a host it is PostgreSQL's own socket."""
    assert load_settings(written(tmp_path, f"database = '{url}'"), {}).database_url() == url


def test_a_link_that_leads_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "center.yaml").symlink_to(tmp_path / "center.yaml")
    assert load_settings(written(tmp_path, ""), {}).center == str(tmp_path / "center.yaml")


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    odd = tmp_path / "odd.toml"
    for path, told in ((tmp_path / "no.toml", "No such file"), (tmp_path, "Is a directory"), (odd, "save the file as")):
        odd.write_bytes("[web]".encode("utf-16"))
        with pytest.raises(FileMistakes, match=told):
            load_settings(path, {})
    odd.write_bytes("# ä\n".encode() * 2_000_000)
    with pytest.raises(FileMistakes, match="larger than"):
        load_settings(odd, {})


@rules(max_examples=60)
@given(st.data())
def test_a_file_that_was_torn_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Whatever a slip of the hand does to a file, nothing but `FileMistakes` comes of it."""
    at, length = data.draw(st.integers(0, len(FILE))), data.draw(st.integers(0, 40))
    instead = data.draw(st.text(max_size=8))
    path = tmp_path_factory.getbasetemp() / "torn.toml"
    path.write_text(FILE[:at] + instead + FILE[at + length :], encoding="utf-8", errors="replace")
    with contextlib.suppress(FileMistakes):
        load_settings(path, {})
