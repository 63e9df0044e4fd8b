"""What a picture of a flow says beside the flow's own words, in the languages that it can be drawn in."""

from collections.abc import Mapping

KINDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "say": "播报",
        "menu": "菜单",
        "confirm": "确认",
        "collect": "输入",
        "look_up": "查询",
        "authenticate": "验证身份",
        "http": "服务请求",
        "create": "创建",
        "branch": "分支",
        "set": "赋值",
        "hours": "营业时间",
        "language": "语言",
        "record": "留言",
        "survey": "满意度调查",
        "sub_flow": "子流程",
        "return": "返回",
        "to_queue": "转人工",
        "transfer": "转接",
        "hang_up": "挂机",
    },
    "es": {
        "say": "dice",
        "menu": "menú",
        "confirm": "confirma",
        "collect": "pide cifras",
        "look_up": "consulta",
        "authenticate": "verifica",
        "http": "servicio",
        "create": "crea",
        "branch": "según",
        "set": "valores",
        "hours": "horario",
        "language": "idioma",
        "record": "mensaje de voz",
        "survey": "encuesta",
        "sub_flow": "otro flujo",
        "return": "vuelve",
        "to_queue": "a la cola",
        "transfer": "transfiere",
        "hang_up": "cuelga",
    },
}
"""By language and kind; a kind that is not here is called as in a flow's file."""

NOT_PUT_THROUGH = "not_put_through"
"""The way out of a transfer that does not take place: there nobody was asked for an answer."""

WAYS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "then": "",
        "give_up": "no valid answer",
        "failed": "no answer",
        "none": "no message",
        NOT_PUT_THROUGH: "not possible",
        "otherwise": "else",
    },
    "zh": {
        "then": "",
        "give_up": "未有效作答",
        "found": "找到",
        "not_found": "未找到",
        "failed": "无应答",
        "none": "无留言",
        NOT_PUT_THROUGH: "无法转接",
        "otherwise": "其他",
        "open": "营业",
        "closed": "非营业",
        "holiday": "假日",
        "verified": "已验证",
        "wrong": "错误",
        "locked": "已锁定",
    },
    "es": {
        "then": "",
        "give_up": "sin respuesta válida",
        "found": "encontrado",
        "not_found": "no encontrado",
        "failed": "sin respuesta",
        "none": "sin mensaje",
        NOT_PUT_THROUGH: "no es posible",
        "otherwise": "si no",
        "open": "abierto",
        "closed": "cerrado",
        "holiday": "festivo",
        "verified": "verificado",
        "wrong": "incorrecto",
        "locked": "bloqueado",
    },
}
"""By language and name; one that is not here is called as in a flow's file."""

STARTS: Mapping[str, str] = {"en": "call", "zh": "来电", "es": "llamada"}


def kind_word(kind: str, language: str) -> str:
    """What kind of node it is."""
    return KINDS.get(language.partition("-")[0], {}).get(kind, kind.replace("_", " "))


def way_word(name: str, language: str) -> str:
    """Which way it is; empty for the one that needs no word."""
    known = WAYS.get(language.partition("-")[0], WAYS["en"])
    return known.get(name, name.replace("_", " "))


def start_word(language: str) -> str:
    """Where it begins."""
    return STARTS.get(language.partition("-")[0], STARTS["en"])
