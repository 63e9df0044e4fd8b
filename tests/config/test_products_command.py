"""`callwright products`: what flows tell of products, out of a CSV file."""

import asyncio
from pathlib import Path

import pytest
from click.testing import Result

from acd.edge.database import Database
from crm_bridge.connector import Found
from crm_bridge.edge.embedded import EmbeddedCrm
from tests.config.commands import run, settings

GOOD = """code,name:en,name:zh,description:en,price,currency,stock,expected
4711,Filter,滤芯,"Lasts a year, or two.",19.90,EUR,3,
4712,Tap,,,119.00,EUR,,2026-12-24
"""


def imported(folder: Path, text: str) -> Result:
    """What the command says to a file with that text."""
    (folder / "products.csv").write_text(text, encoding="utf-8")
    return run("products", "import", "--config", settings(folder), str(folder / "products.csv"))


async def _found(folder: Path, kind: str, code: str) -> Found | None:
    database = Database(f"sqlite:///{folder}/data/callwright.db")
    try:
        return await EmbeddedCrm(database.engine).look_up(kind, code, "zh")
    finally:
        await database.close()


def test_products_are_imported_and_known(tmp_path: Path) -> None:
    for _ in range(2):
        result = imported(tmp_path, GOOD)
        assert (result.exit_code, result.output) == (0, "2 products are known now.\n")
    filter_ = asyncio.run(_found(tmp_path, "product", "4711"))
    assert filter_ is not None
    assert filter_.fields == {
        "product_code": "4711",
        "product_name": "滤芯",
        "product_description": "Lasts a year, or two.",
        "product_price": "19.90",
        "product_currency": "EUR",
        "product_in_stock": "true",
    }
    tap = asyncio.run(_found(tmp_path, "stock", "4712"))
    assert tap is not None
    assert tap.fields == {"stock_code": "4712", "stock_count": "0", "stock_expected": "2026-12-24"}


HEAD = "code,name:en,price,currency,stock,expected\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "products.csv:1:1: the column `code` is missing"),
        ("code,price,currency\n", "products.csv:1:1: a column with names is missing, such as `name:en`"),
        ("code,name:klingon,price,currency\n", "the column 'name:klingon' ends in no language"),
        ("code,name:en,prise,price,currency\n", "there is no column 'prise'; did you mean 'price'?"),
        (HEAD + "A1,x,1,EUR,,\n", "products.csv:2:1: `code` must be digits"),
        (HEAD + "1,,1,EUR,,\n", "products.csv:2:1: it has no name in any language"),
        (HEAD + "1,x,cheap,EUR,,\n", "products.csv:2:1: `price` must be an amount such as 19.90; it is 'cheap'"),
        (HEAD + "1,x,-1,EUR,,\n", "`price` must be an amount"),
        (HEAD + "1,x,1,euro,,\n", "products.csv:2:1: `currency` must be one of ISO 4217"),
        (HEAD + "1,x,1,EUR,many,\n", "products.csv:2:1: `stock` must be a whole number; it is 'many'"),
        (HEAD + "1,x,1,EUR,1,soon\n", "products.csv:2:1: `expected` must be a day such as 2026-12-24; it is 'soon'"),
        (HEAD + "1,x,1,EUR,,\n1,y,1,EUR,,\n", "products.csv:3:1: `code` '1' stands in line 2 already"),
        (HEAD + "1,x\0,1,EUR,,\n", "products.csv:2:1: a control character in `name:en`"),
        (HEAD + "1,x\n", "products.csv:2:1: `price` must be an amount"),
    ],
)
def test_mistakes_in_a_file_of_products(tmp_path: Path, text: str, says: str) -> None:
    result = imported(tmp_path, text)
    assert result.exit_code == 1
    assert says in result.output
    assert not (tmp_path / "data").exists(), "nothing is written"
