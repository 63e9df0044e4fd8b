"""What the company that does not exist sells, and what its customers have ordered, paid and complained of."""

from datetime import date, timedelta

from crm_bridge.demo import COUNT, CURRENCY, FIRST_ID, demo_customers
from crm_bridge.shop import Order, Payment, Product, Promotion, Shop, Texts, Ticket

FIRST_ORDER = 500_101
ORDERS = 120
FIRST_TICKET = 700_001
TICKETS = 40

_DAY = 86_400.0
_PIN_ABOVE = 1000
_STATES = ("sent", "placed", "packed", "delivered", "cancelled")
_TICKET_STATES = ("open", "in_progress", "waiting", "solved")
_METHODS = ("direct_debit", "transfer", "card", "cash")


def demo_pin(customer: str) -> str:
    """Everybody's PIN is his customer number and a thousand: that of 1001 is 2001."""
    return str(int(customer) + _PIN_ABOVE)


def demo_shop(today: date) -> Shop:
    """All of it, as of that day; the same each time."""
    return Shop(
        tuple(_product(place, today) for place in range(len(_GOODS))),
        tuple(
            Promotion(of, name, text, (today + timedelta(days=30)).isoformat()) for of, (name, text) in _OFFERS.items()
        ),
        tuple(_payments(today)),
        tuple(_order(place, today) for place in range(ORDERS)),
        tuple(_ticket(place, today) for place in range(TICKETS)),
    )


def _product(place: int, today: date) -> Product:
    code, name, description, price, stock = _GOODS[place]
    expected = "" if stock else (today + timedelta(days=9 + place)).isoformat()
    return Product(code, name, description, price, CURRENCY, stock, expected)


def _payments(today: date) -> list[Payment]:
    """Each bill that is paid was paid a few days before it was due, but not after today."""
    return [
        Payment(
            f"P-{bill.number}",
            one.id,
            min(date.fromisoformat(bill.due) - timedelta(days=3), today).isoformat(),
            bill.amount,
            bill.currency,
            _METHODS[place % len(_METHODS)],
        )
        for place, one in enumerate(demo_customers(today))
        for bill in one.bills
        if bill.paid
    ]


def _order(place: int, today: date) -> Order:
    status = _STATES[place % len(_STATES)]
    placed = today - timedelta(days=1 + place % 5 + (30 if status == "delivered" else 0))
    is_coming = status in {"placed", "packed", "sent"}
    expected = (today + timedelta(days=1 + place % 4)).isoformat() if is_coming else ""
    return Order(str(FIRST_ORDER + place), _customer(place), status, placed.isoformat(), expected)


def _ticket(place: int, today: date) -> Ticket:
    opened = ((today - date(1970, 1, 1)).days - 1 - place % 12) * _DAY + 10 * 3600.0
    status = _TICKET_STATES[place % len(_TICKET_STATES)]
    return Ticket(FIRST_TICKET + place, _customer(place), status, _SUBJECTS[place % len(_SUBJECTS)], opened)


def _customer(place: int) -> str:
    return str(FIRST_ID + place * 7 % COUNT)


_GOODS: tuple[tuple[str, Texts, Texts, str, int], ...] = (
    (
        "2101",
        {"en": "Table filter jug", "zh": "滤水壶", "es": "Jarra filtrante"},
        {"en": "It holds two litres.", "zh": "容量两升。", "es": "Tiene capacidad para dos litros."},
        "24.90",
        42,
    ),
    (
        "2102",
        {"en": "Filter cartridges, pack of three", "zh": "滤芯三件装", "es": "Cartuchos de filtro, pack de tres"},
        {"en": "Each one lasts two months.", "zh": "每个可使用两个月。", "es": "Cada uno dura dos meses."},
        "17.50",
        180,
    ),
    (
        "2103",
        {"en": "Under-sink filter", "zh": "厨下净水器", "es": "Filtro bajo fregadero"},
        {
            "en": "It is fitted to the cold water pipe in a quarter of an hour.",
            "zh": "十五分钟即可安装在冷水管上。",
            "es": "Se instala en la tubería de agua fría en un cuarto de hora.",
        },
        "89.00",
        0,
    ),
    (
        "2201",
        {"en": "Kitchen tap", "zh": "厨房水龙头", "es": "Grifo de cocina"},
        {
            "en": "Stainless steel, with a pull-out spray.",
            "zh": "不锈钢，带抽拉喷头。",
            "es": "De acero inoxidable, con ducha extraíble.",
        },
        "119.00",
        7,
    ),
    (
        "2202",
        {"en": "Water-saving shower head", "zh": "节水花洒", "es": "Alcachofa de ducha de bajo consumo"},
        {"en": "It uses six litres a minute.", "zh": "每分钟用水六升。", "es": "Consume seis litros por minuto."},
        "34.00",
        25,
    ),
    (
        "2301",
        {"en": "Garden hose, twenty metres", "zh": "二十米花园水管", "es": "Manguera de jardín, veinte metros"},
        {"en": "With couplings and a nozzle.", "zh": "带接头和喷嘴。", "es": "Con conectores y boquilla."},
        "39.90",
        0,
    ),
    (
        "2302",
        {"en": "Rain barrel", "zh": "雨水桶", "es": "Depósito de agua de lluvia"},
        {"en": "It holds two hundred litres.", "zh": "容量二百升。", "es": "Tiene capacidad para doscientos litros."},
        "64.00",
        11,
    ),
    (
        "24010",
        {"en": "Leak alarm", "zh": "漏水报警器", "es": "Alarma de fugas"},
        {
            "en": "It sounds as soon as it gets wet, and works for a year on one battery.",
            "zh": "遇水立即报警，一块电池可用一年。",
            "es": "Suena en cuanto se moja y funciona un año con una pila.",
        },
        "14.95",
        63,
    ),
    (
        "24020",
        {"en": "Water hardness test", "zh": "水硬度测试剂", "es": "Test de dureza del agua"},
        {"en": "Ten strips in a box.", "zh": "每盒十条。", "es": "Diez tiras por caja."},
        "4.95",
        300,
    ),
    (
        "250100",
        {"en": "Home water softener", "zh": "家用软水机", "es": "Descalcificador doméstico"},
        {
            "en": "For up to five people. A fitter of ours connects it.",
            "zh": "适合五人以下家庭，由我们的技师安装。",
            "es": "Para un máximo de cinco personas. Lo conecta nuestro instalador.",
        },
        "1290.00",
        2,
    ),
)

_OFFERS: dict[str, tuple[Texts, Texts]] = {
    "gold": (
        {"en": "Gold weeks", "zh": "金卡优惠周", "es": "Semanas oro"},
        {
            "en": "As a gold customer, you get fifteen percent off all filters.",
            "zh": "金卡客户购买所有滤水产品可享八五折优惠。",
            "es": "Como cliente oro, tiene un quince por ciento de descuento en todos los filtros.",
        },
    ),
    "business": (
        {"en": "Two for one", "zh": "买一送一", "es": "Dos por uno"},
        {
            "en": "Businesses get a second pack of cartridges for free.",
            "zh": "企业客户购买滤芯，买一送一。",
            "es": "Las empresas reciben gratis un segundo pack de cartuchos.",
        },
    ),
}

_SUBJECTS: tuple[Texts, ...] = (
    {"en": "Low water pressure", "zh": "水压过低", "es": "Baja presión de agua"},
    {"en": "Meter reading does not match", "zh": "水表读数不符", "es": "La lectura del contador no coincide"},
    {"en": "Moving house", "zh": "搬家", "es": "Mudanza"},
    {"en": "Bill disputed", "zh": "账单有争议", "es": "Factura impugnada"},
    {"en": "Water tastes of chlorine", "zh": "自来水有氯味", "es": "El agua sabe a cloro"},
)
