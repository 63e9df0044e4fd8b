"""The event socket between the PBX and the centre is cut while calls wait, ring and talk."""

from acd.calls.interactions import Ringing, Talking, Waiting
from acd.model import QueueName
from cti.model import NodeName
from tests.journeys.house import House, until

NODE = NodeName("pbx1")


async def test_nobody_is_hung_up_on_and_everybody_keeps_his_place(house: House) -> None:
    anna, annas = await house.at_work("anna")
    talker = await house.customer_in_billing("+4930901821")
    talk = await annas.rings()
    await talk.answer()
    await talker.hears_agent("anna")
    ben, bens = await house.at_work("ben")
    asker = await house.customer_in_billing("+4930901822")
    ringing = await bens.rings()
    waiters = [await house.customer_in_billing(f"+493090183{n}") for n in range(3)]
    center = house.centre.center
    await until(lambda: len(center.queues[QueueName("billing")].waiting) == 4, "four in the queue")
    before = center.queues[QueueName("billing")].waiting
    await house.stage.cut()
    await until(lambda: not center.pbx_connected[NODE], "the loss noticed")
    await until(lambda: center.pbx_connected[NODE], "the connection again", 3.0)
    assert center.queues[QueueName("billing")].waiting == before
    stages = [type(one.stage) for one in center.interactions.values()]
    assert sorted(stages, key=str) == sorted([Talking, Ringing, Waiting, Waiting, Waiting], key=str)
    await talk.hears_customer()
    await ringing.answer()
    await asker.hears_agent("ben")
    await waiters[0].hears_music()
    await ringing.hang_up()
    await asker.ended()
    await ben.ask("become_ready")
    await bens.rings()
    assert ben.view["pop"]["caller"]["number"] == "+4930901830"
    for customer in (talker, *waiters):
        assert not customer.is_over
        await customer.hang_up()
    await anna.state("after_call_work")
    await anna.ask("become_ready")


async def test_what_happened_during_the_cut_is_known_after_it(house: House) -> None:
    anna, annas = await house.at_work("anna")
    customer = await house.customer_in_billing()
    talk = await annas.rings()
    await talk.answer()
    await customer.hears_agent("anna")
    waiter = await house.customer_in_billing("+4930901829")
    await house.stage.cut()
    await customer.hang_up()
    await waiter.hang_up()
    await anna.state("after_call_work", 5.0)
    await until(lambda: not house.centre.center.queues[QueueName("billing")].waiting, "an empty queue")
    await talk.ended()
    await anna.ask("become_ready")
