"""Spanish, as its speakers read values aloud."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ivr.speech.reading import read

NUMBERS = [
    ("0", "cero", "cero", "cero"),
    ("1", "uno", "un", "una"),
    ("2", "dos", "dos", "dos"),
    ("15", "quince", "quince", "quince"),
    ("16", "dieciséis", "dieciséis", "dieciséis"),
    ("20", "veinte", "veinte", "veinte"),
    ("21", "veintiuno", "veintiún", "veintiuna"),
    ("22", "veintidós", "veintidós", "veintidós"),
    ("23", "veintitrés", "veintitrés", "veintitrés"),
    ("26", "veintiséis", "veintiséis", "veintiséis"),
    ("30", "treinta", "treinta", "treinta"),
    ("31", "treinta y uno", "treinta y un", "treinta y una"),
    ("99", "noventa y nueve", "noventa y nueve", "noventa y nueve"),
    ("100", "cien", "cien", "cien"),
    ("101", "ciento uno", "ciento un", "ciento una"),
    ("121", "ciento veintiuno", "ciento veintiún", "ciento veintiuna"),
    ("200", "doscientos", "doscientos", "doscientas"),
    ("500", "quinientos", "quinientos", "quinientas"),
    ("777", "setecientos setenta y siete", "setecientos setenta y siete", "setecientas setenta y siete"),
    ("999", "novecientos noventa y nueve", "novecientos noventa y nueve", "novecientas noventa y nueve"),
    ("1000", "mil", "mil", "mil"),
    ("1001", "mil uno", "mil un", "mil una"),
    ("1100", "mil cien", "mil cien", "mil cien"),
    ("2000", "dos mil", "dos mil", "dos mil"),
    ("21000", "veintiún mil", "veintiún mil", "veintiuna mil"),
    ("31001", "treinta y un mil uno", "treinta y un mil un", "treinta y una mil una"),
    ("100000", "cien mil", "cien mil", "cien mil"),
    ("101000", "ciento un mil", "ciento un mil", "ciento una mil"),
    ("200000", "doscientos mil", "doscientos mil", "doscientas mil"),
    ("1000000", "un millón", "un millón de", "un millón de"),
    ("1000001", "un millón uno", "un millón un", "un millón una"),
    ("2000000", "dos millones", "dos millones de", "dos millones de"),
    ("21000000", "veintiún millones", "veintiún millones de", "veintiún millones de"),
    ("1000000000", "mil millones", "mil millones de", "mil millones de"),
    ("2000000000", "dos mil millones", "dos mil millones de", "dos mil millones de"),
    ("1000000000000", "un billón", "un billón de", "un billón de"),
    ("2000001000000", "dos billones un millón", "dos billones un millón de", "dos billones un millón de"),
]


@pytest.mark.parametrize(("value", "alone", "masculine", "feminine"), NUMBERS)
def test_numbers(value: str, alone: str, masculine: str, feminine: str) -> None:
    assert read(value, "number", "es") == alone
    assert read(value, "number", "es", follows=".") == alone
    assert read(value, "number", "es", follows=" y diez") == alone
    assert read(value, "number", "es", follows=" de ellos") == alone
    assert read(value, "number", "es", follows=" meses.") == masculine
    assert read(value, "number:f", "es", follows=" facturas") == feminine


@pytest.mark.parametrize(
    ("value", "spain", "mexico"),
    [
        ("3.5", "tres coma cinco", "tres punto cinco"),
        ("3.05", "tres coma cero cinco", "tres punto cero cinco"),
        ("3.25", "tres coma veinticinco", "tres punto veinticinco"),
        ("0.50", "cero coma cinco", "cero punto cinco"),
        ("3.141", "tres coma uno cuatro uno", "tres punto uno cuatro uno"),
        ("-21", "menos veintiuno", "menos veintiuno"),
    ],
)
def test_what_is_behind_the_point(value: str, spain: str, mexico: str) -> None:
    assert read(value, "number", "es") == spain
    assert read(value, "number", "es-ES") == spain
    assert read(value, "number", "es-MX") == mexico


@pytest.mark.parametrize(
    ("value", "alone", "masculine", "feminine"),
    [
        ("1", "primero", "primer", "primera"),
        ("2", "segundo", "segundo", "segunda"),
        ("3", "tercero", "tercer", "tercera"),
        ("7", "séptimo", "séptimo", "séptima"),
        ("10", "décimo", "décimo", "décima"),
        ("11", "undécimo", "undécimo", "undécima"),
        ("12", "duodécimo", "duodécimo", "duodécima"),
        ("13", "decimotercero", "decimotercer", "decimotercera"),
        ("20", "vigésimo", "vigésimo", "vigésima"),
        ("21", "vigésimo primero", "vigésimo primer", "vigésima primera"),
        ("33", "trigésimo tercero", "trigésimo tercer", "trigésima tercera"),
        ("99", "nonagésimo noveno", "nonagésimo noveno", "nonagésima novena"),
        ("100", "cien", "cien", "cien"),
        ("101", "ciento uno", "ciento un", "ciento una"),
    ],
)
def test_ordinals(value: str, alone: str, masculine: str, feminine: str) -> None:
    assert read(value, "ordinal", "es") == alone
    assert read(value, "ordinal", "es", follows=" lugar") == masculine
    assert read(value, "ordinal:f", "es", follows=" llamada") == feminine


@pytest.mark.parametrize(
    ("value", "currency", "heard"),
    [
        ("1", "EUR", "un euro"),
        ("21", "EUR", "veintiún euros"),
        ("120.50", "EUR", "ciento veinte euros con cincuenta céntimos"),
        ("1.01", "EUR", "un euro con un céntimo"),
        ("0.21", "EUR", "veintiún céntimos"),
        ("0", "EUR", "cero euros"),
        ("100", "EUR", "cien euros"),
        ("1000000", "EUR", "un millón de euros"),
        ("1000000.50", "EUR", "un millón de euros con cincuenta céntimos"),
        ("1000000000", "EUR", "mil millones de euros"),
        ("1234.56", "EUR", "mil doscientos treinta y cuatro euros con cincuenta y seis céntimos"),
        ("-3.20", "EUR", "menos tres euros con veinte céntimos"),
        ("1", "GBP", "una libra esterlina"),
        ("21", "GBP", "veintiuna libras esterlinas"),
        ("200.02", "GBP", "doscientas libras esterlinas con dos peniques"),
        ("31.01", "USD", "treinta y un dólares estadounidenses con un centavo"),
        ("500", "MXN", "quinientos pesos mexicanos"),
        ("12.50", "CNY", "doce coma cincuenta yuanes renminbi"),
        ("1.499", "EUR", "uno coma cuatro nueve nueve euros"),
        ("1500", "JPY", "mil quinientos yenes japoneses"),
        ("5.00", "XQQ", "cinco XQQ"),
        ("5.5", "", "cinco coma cinco"),
    ],
)
def test_money(value: str, currency: str, heard: str) -> None:
    assert read(value, "money", "es", currency) == heard


@pytest.mark.parametrize(
    ("value", "spain", "mexico"),
    [
        ("2026-01-01", "uno de enero de dos mil veintiséis", "primero de enero de dos mil veintiséis"),
        ("2026-11-22", "veintidós de noviembre de dos mil veintiséis", "veintidós de noviembre de dos mil veintiséis"),
        ("2000-02-29", "veintinueve de febrero de dos mil", "veintinueve de febrero de dos mil"),
        ("1999-12-31", "treinta y uno de diciembre de mil novecientos noventa y nueve", None),
        ("2026-08-21", "veintiuno de agosto de dos mil veintiséis", None),
        ("2021-09-10", "diez de septiembre de dos mil veintiuno", None),
    ],
)
def test_dates(value: str, spain: str, mexico: str | None) -> None:
    assert read(value, "date", "es") == spain
    assert read(value, "date", "es-419") == (mexico or spain)
    assert read(value, "day", "es-MX") == (mexico or spain).rpartition(" de ")[0]


@pytest.mark.parametrize(
    ("value", "heard"),
    [
        ("00:00", "las doce de la noche"),
        ("00:30", "las doce y media de la noche"),
        ("01:00", "la una de la madrugada"),
        ("05:05", "las cinco y cinco de la madrugada"),
        ("06:00", "las seis de la mañana"),
        ("09:15", "las nueve y cuarto de la mañana"),
        ("12:00", "las doce del mediodía"),
        ("12:10", "las doce y diez de la tarde"),
        ("13:00", "la una de la tarde"),
        ("13:30", "la una y media de la tarde"),
        ("17:30", "las cinco y media de la tarde"),
        ("19:45", "las siete y cuarenta y cinco de la tarde"),
        ("20:00", "las ocho de la noche"),
        ("23:59", "las once y cincuenta y nueve de la noche"),
    ],
)
def test_times(value: str, heard: str) -> None:
    assert read(value, "time", "es") == heard


@pytest.mark.parametrize(
    ("value", "language", "heard"),
    [
        ("+34612345678", "es", "seis uno dos, treinta y cuatro, cincuenta y seis, setenta y ocho"),
        ("+34612045678", "es-ES", "seis uno dos, cero cuatro, cincuenta y seis, setenta y ocho"),
        ("+525512345678", "es-MX", "cincuenta y cinco, uno dos tres cuatro, cinco seis siete ocho"),
        (
            "+34612345678",
            "es-MX",
            "más treinta y cuatro, seis uno dos, treinta y cuatro, cincuenta y seis, setenta y ocho",
        ),
        ("+12125551234", "es", "más uno, dos uno dos, cinco cinco cinco, uno dos tres cuatro"),
        ("+5491112345678", "es-AR", "más cincuenta y cuatro, nueve, once, uno dos tres cuatro, cinco seis siete ocho"),
        ("112", "es", "uno uno dos"),
    ],
)
def test_telephone_numbers(value: str, language: str, heard: str) -> None:
    assert read(value, "phone", language) == heard


@pytest.mark.parametrize(("value", "heard"), [("1001", "uno cero cero uno"), ("20", "dos cero"), ("A-1", "A uno")])
def test_digits(value: str, heard: str) -> None:
    assert read(value, "digits", "es") == heard


@pytest.mark.parametrize(
    ("value", "heard"),
    [
        ("0", "cero segundos"),
        ("1", "un segundo"),
        ("21", "veintiún segundos"),
        ("60", "un minuto"),
        ("90", "un minuto y treinta segundos"),
        ("3600", "una hora"),
        ("75600", "veintiuna horas"),
        ("3661", "una hora, un minuto y un segundo"),
        ("86400", "un día"),
        ("176400", "dos días y una hora"),
        ("2.5", "dos coma cinco segundos"),
        ("-60", "menos un minuto"),
    ],
)
def test_durations(value: str, heard: str) -> None:
    assert read(value, "duration", "es") == heard


UNITS = {"un": 1, "una": 1, "cien": 100, "veintiún": 21, "veintiuna": 21}
WORDS = {words: int(value) for value, words, _, _ in NUMBERS if " " not in words}
WORDS |= {
    word: number
    for number, word in enumerate("cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece".split())
}
WORDS |= {"catorce": 14, "diecisiete": 17, "dieciocho": 18, "diecinueve": 19, "veinticuatro": 24, "veinticinco": 25}
WORDS |= {"veintisiete": 27, "veintiocho": 28, "veintinueve": 29, "ciento": 100}
TENS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa".split()
WORDS |= {word: 30 + 10 * number for number, word in enumerate(TENS)}
HUNDREDS = "doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos".split()
WORDS |= {word: 200 + 100 * number for number, word in enumerate(HUNDREDS)} | UNITS


def number_heard(words: str) -> int:
    """As a speaker of Spanish hears it: what stands before `billones` counts that often, and so on."""
    for unit, size in (("billón", 10**12), ("billones", 10**12), ("millón", 10**6), ("millones", 10**6), ("mil", 1000)):
        said = words.split()
        if unit in said:
            at = said.index(unit)
            before, after = " ".join(said[:at]), " ".join(said[at + 1 :])
            return (number_heard(before) if before else 1) * size + (number_heard(after) if after else 0)
    return sum(WORDS[word.replace("cientas", "cientos")] for word in words.split() if word != "y")


@given(st.integers(0, 10**15 - 1) | st.integers(0, 10**4), st.sampled_from(["number", "number:f"]))
def test_every_number_is_understood(value: int, form: str) -> None:
    heard = read(str(value), form, "es").replace("quinientas", "quinientos")
    assert number_heard(heard) == value
