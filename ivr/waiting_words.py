"""What a voice tells somebody who waits in a queue.

English and Chinese, like `ivr.words`; every other language gets the English sentences.
"""

from ivr.words import digits, ours

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
