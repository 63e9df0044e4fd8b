"""The CRM answers late, or something else was asked meanwhile."""

from acd.calls.interactions import InFlow, Waiting
from acd.events import CustomerIdentified, InteractionClosed, QuestionAsked
from acd.model import Customer, CustomerKnown, CustomerUnknown
from acd.plan import CenterPlan
from acd.told import CustomerAnswered, QuestionAnswered
from cti.model import LegId
from ivr.dialogue.visits import FROM_QUEUE
from ivr.flow.flow import Flow
from ivr.flow.settings import NodeId
from ivr.nodes.collect import CollectNode
from ivr.nodes.look_up import LookUpNode
from ivr.nodes.to_queue import ToQueueNode
from tests.acd.centre import Centre
from tests.acd.company import WELCOME, company


def enquiry() -> CenterPlan:
    """A flow that asks for a number until the CRM has found it."""
    flow = Flow(
        WELCOME.name,
        NodeId("ask"),
        {
            NodeId("ask"): CollectNode(
                {"en": "Number?"},
                "number",
                {"en": "Number"},
                NodeId("find"),
                NodeId("queue"),
                longest=4,
            ),
            NodeId("find"): LookUpNode(
                "customer", "number", NodeId("queue"), NodeId("ask"), NodeId("ask"), timeout=5.0
            ),
            NodeId("queue"): ToQueueNode("billing"),
        },
        NodeId("queue"),
    )
    plan = company()
    return CenterPlan(
        plan.name, plan.zone, plan.queues, plan.agents, plan.supervisors, plan.entry_points, {flow.name: flow}
    )


def typed(centre: Centre, leg: LegId, number: str) -> QuestionAsked:
    """The caller types a number; gives what the CRM is asked."""
    for key in number:
        centre.press(leg, key)
    return centre.last(QuestionAsked)


def test_a_late_answer_is_not_taken_for_the_answer_to_the_next_question() -> None:
    centre = Centre(enquiry())
    centre.connect()
    leg = centre.dial()
    first = typed(centre, leg, "1001")
    centre.wait(5)
    second = typed(centre, leg, "1002")
    assert second.id != first.id
    centre.tell(QuestionAnswered(first.id, "found", {"name": "Wrong"}, Customer("1001", "Wrong")))
    assert isinstance(centre.interaction(leg).stage, InFlow)
    assert not centre.every(CustomerIdentified)
    centre.tell(QuestionAnswered(second.id, "found", {"name": "Right"}, Customer("1002", "Right")))
    assert isinstance(centre.interaction(leg).stage, Waiting)
    assert centre.interaction(leg).customer == CustomerKnown(Customer("1002", "Right"), typed=True)


def proved(centre: Centre, asked: QuestionAsked, of: str) -> None:
    """The CRM says that the PIN is that customer's."""
    centre.tell(QuestionAnswered(asked.id, "found", {}, Customer(of, "Eva"), verified=True))


def test_who_has_proved_who_he_is_stays_so_for_this_customer_alone() -> None:
    centre = Centre(enquiry())
    centre.connect()
    leg = centre.dial()
    proved(centre, typed(centre, leg, "1001"), "1001")
    of = centre.interaction(leg)
    eva = CustomerKnown(Customer("1001", "Eva"), typed=True, verified=True)
    assert (of.customer, centre.last(CustomerIdentified).answer) == (eva, eva)
    centre.tell(CustomerAnswered(of.id, CustomerUnknown()))
    centre.tell(CustomerAnswered(of.id, CustomerKnown(Customer("1001", "Eva"))))
    assert of.customer == eva, "his number says less"
    reception = centre.center._reception
    reception.identified(of, CustomerKnown(Customer("1002", "Somebody else"), typed=True))
    assert of.customer == CustomerKnown(Customer("1002", "Somebody else"), typed=True)
    reception.identified(of, CustomerKnown(Customer("1001", "Eva"), typed=True))
    assert of.customer == eva, "he has typed his own number again"
    centre.hang_up(leg)
    assert centre.last(InteractionClosed).verified


def test_who_has_proved_who_he_is_and_then_says_that_he_is_another_has_proved_nothing() -> None:
    """Out of the queue he is known to be Eva; then he types a number that is not hers."""
    centre = Centre(enquiry())
    centre.connect()
    leg = centre.dial()
    proved(centre, typed(centre, leg, "1001"), "1001")
    of = centre.interaction(leg)
    centre.center._reception.send_into(of, WELCOME.name, FROM_QUEUE)
    assert isinstance(of.stage, InFlow)
    assert of.stage.dialogue.save().variables["verified_as"] == "1001"
    centre.tell(QuestionAnswered(of.stage.question, "not_found"))
    wanted = typed(centre, leg, "1002")
    assert of.verified == ""
    assert centre.last(CustomerIdentified).answer == CustomerKnown(Customer("1001", "Eva"), typed=True)
    centre.tell(QuestionAnswered(wanted.id, "found", {"id": "1001"}, Customer("1001", "Eva")))
    centre.hang_up(leg)
    assert not centre.last(InteractionClosed).verified
    assert of.customer == CustomerKnown(Customer("1001", "Eva"), typed=True), "he would have to type the PIN again"


def test_who_hangs_up_leaves_no_question_behind() -> None:
    centre = Centre(enquiry())
    centre.connect()
    leg = centre.dial()
    wanted = typed(centre, leg, "1001")
    centre.hang_up(leg)
    assert not centre.center._floor.questions
    assert not centre.tell(QuestionAnswered(wanted.id, "not_found"))


def test_what_the_caller_typed_is_written_down_even_if_the_answer_comes_late() -> None:
    centre = Centre(enquiry())
    centre.connect()
    leg = centre.dial()
    wanted = typed(centre, leg, "1001")
    centre.wait(2000)
    assert isinstance(centre.interaction(leg).stage, Waiting), "he gave up"
    outputs = centre.tell(QuestionAnswered(wanted.id, "found", {}, Customer("1001", "Right")))
    assert "1001" in str([getattr(one, "memory", "") for one in outputs])
