"""What a voice tells somebody who waits in a queue.

English and Chinese, like `ivr.speech.words`; every other language gets the English sentences.
"""

from ivr.speech.words import digits, ours

LAST_SAID = 20
"""The last place that is told as a number: whoever is further back hears that there are more than so many."""


def position_said(position: int, language: str) -> str:
    """His place in the queue, the first being 1."""
    chinese = ours(language) == "zh"
    if position == 1:
        return "您是下一位。" if chinese else "You are next in the queue."
    if position > LAST_SAID:
        said = f"您前面有超过{LAST_SAID - 1}位来电者。", f"There are more than {LAST_SAID - 1} callers before you."
    else:
        said = f"您排在第{position}位。", f"You are number {position} in the queue."
    return said[0] if chinese else said[1]


def callback_said(number: str, language: str) -> str:
    """We shall call him back, and where."""
    spoken = digits(number, language)
    if ours(language) == "zh":
        return f"我们会回拨您的号码：{spoken}。再见。"
    return f"We will call you back on {spoken}. Goodbye."


def no_number_said(language: str) -> str:
    """We cannot call him back."""
    if ours(language) == "zh":
        return "抱歉，我们看不到您的号码，无法回拨。"
    return "We are sorry, we cannot see your number and cannot call you back."


WHISPER_SLOTS = ("queue", "wait")
"""What may be said in a whisper beside words."""


def usual_whisper(language: str) -> str:
    """What an agent is told before he is connected, where the queue has no words of its own."""
    return "{queue}。已等待{wait}。" if ours(language) == "zh" else "{queue}. Waited {wait}."


def waited_said(seconds: float, language: str) -> str:
    """How long he has waited, as an agent is told, rounded down: in tens of seconds, then in minutes."""
    chinese = ours(language) == "zh"
    if seconds < 10:
        return "不到10秒" if chinese else "less than 10 seconds"
    if seconds < 60:
        tens = int(seconds) // 10 * 10
        return f"{tens}秒" if chinese else f"{tens} seconds"
    if seconds > MINUTES[-1] * 60:
        return "超过一小时" if chinese else "more than an hour"
    minutes = max(one for one in MINUTES if one * 60 <= seconds)
    if chinese:
        return f"{minutes}分钟"
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def all_waited(language: str) -> tuple[str, ...]:
    """All that `waited_said` gives."""
    seconds = (*range(0, 60, 10), *(60 * one for one in MINUTES), 60 * MINUTES[-1] + 1)
    return tuple(waited_said(one, language) for one in seconds)


MINUTES = (*range(1, 11), *range(15, 61, 5))
"""What is said of a wait: nobody wants to hear of 47 minutes."""
WIDEST = 4
"""A range whose ends are further apart than so many times tells nothing."""


def minutes_of(low: float, high: float) -> tuple[int, int] | None:
    """A range of seconds in minutes that can be said, (0, 1) for less than one; None: it is better not said."""
    if high <= 60:
        return 0, 1
    first = max((one for one in MINUTES if one * 60 <= low), default=1)
    last = next((one for one in MINUTES if one * 60 >= high), None)
    return None if last is None or last > WIDEST * first else (first, last)


def wait_said(minutes: tuple[int, int], language: str) -> str:
    """How long he will wait, by `minutes_of`."""
    chinese = ours(language) == "zh"
    first, last = minutes
    if last == 1:
        return "预计等待时间不到一分钟。" if chinese else "You will wait less than a minute."
    if first == last:
        return f"预计等待约{first}分钟。" if chinese else f"You will wait about {first} minutes."
    return f"预计等待约{first}到{last}分钟。" if chinese else f"You will wait about {first} to {last} minutes."


def all_waits() -> tuple[tuple[int, int], ...]:
    """All that `minutes_of` gives."""
    return ((0, 1), *((a, b) for a in MINUTES for b in MINUTES if a <= b <= WIDEST * a and b > 1))
