"""The checker of delivery histories finds faults."""

from msgspec.structs import replace

from schemas.event_types import EVENT_KINDS, example_of
from schemas.events import Event
from tests.kit.worlds.delivery_history import Receipt, Subscriber, delivery_faults, log_faults

OURS, OTHERS = "acc_1", "acc_2"


def _event(number: int, account_id: str | None = None) -> Event:
    event = example_of(EVENT_KINDS[0])
    data = event.data | {"verdict_id": f"vrd_{number}", "number": number}
    return replace(event, id=f"evt_{number}", sequence=number, account_id=account_id, data=data)


LOG = [_event(1), _event(2, OURS), _event(3, OTHERS)]
VERDICTS = ["vrd_1", "vrd_2", "vrd_3"]
ONE = Subscriber("one", OURS, lambda event: event.data["number"] < 3)
GOT = [Receipt("one", event.id, event, taken=True) for event in LOG[:2]]


class TestTheLog:
    def test_is_without_fault_when_every_number_and_verdict_is_there_once(self) -> None:
        assert list(log_faults(LOG, 3, VERDICTS)) == []

    def test_is_at_fault_with_a_gap_a_repetition_or_a_verdict_without_event(self) -> None:
        assert len(list(log_faults(LOG[:2], 3, VERDICTS[:2]))) == 1
        assert any("in the log 2 times" in fault for fault in log_faults([LOG[0], LOG[0]], 2, []))
        assert list(log_faults(LOG, 3, [*VERDICTS, "vrd_4"])) == ["verdict vrd_4 has 0 events"]
        assert list(log_faults(LOG, 3, VERDICTS[:2])) == ["events tell of 1 verdicts that are not there"]

    def test_is_at_fault_where_an_analysis_ends_twice(self) -> None:
        end = example_of(next(kind for kind in EVENT_KINDS if kind.type == "analysis.failed"))
        assert len(list(log_faults([replace(end, id=f"evt_{n}", sequence=n) for n in (1, 2)], 2, []))) == 1


class TestDeliveries:
    def test_are_without_fault_when_all_that_was_due_was_taken(self) -> None:
        assert list(delivery_faults(LOG, [ONE], [*GOT, *GOT])) == []

    def test_are_at_fault_where_one_is_missing_or_was_never_taken(self) -> None:
        assert "missed 1 of 2" in next(delivery_faults(LOG, [ONE], GOT[:1]))
        refused = Receipt("one", LOG[1].id, LOG[1], taken=False)
        assert "missed 1 of 2" in next(delivery_faults(LOG, [ONE], [GOT[0], refused]))

    def test_are_at_fault_where_something_came_that_was_not_wanted_or_anothers(self) -> None:
        for number in (2, 3):
            none = Subscriber("one", OURS, lambda event: event.sequence == 1)
            extra = Receipt("one", f"evt_{number}", _event(number, LOG[number - 1].account_id), taken=True)
            assert "not for it" in next(delivery_faults(LOG, [none], [GOT[0], extra]))

    def test_are_at_fault_under_another_id_or_with_another_body(self) -> None:
        other_id = Receipt("one", "evt_9", LOG[0], taken=True)
        for wrong in (other_id, Receipt("one", "evt_1", replace(LOG[0], sequence=7), taken=True)):
            assert "does not have like that" in next(delivery_faults(LOG, [ONE], [*GOT, wrong]))

    def test_are_at_fault_where_nobody_listens(self) -> None:
        stray = Receipt("two", "evt_1", LOG[0], taken=True)
        assert "nobody listens" in next(delivery_faults(LOG, [ONE], [*GOT, stray]))

    def test_are_due_to_a_callback_whatever_it_wants(self) -> None:
        end = replace(example_of(EVENT_KINDS[3]), id="evt_1", sequence=1, account_id=OURS)
        called = Subscriber("one", OURS, lambda _: False, {end.data["analysis_id"]})
        assert list(delivery_faults([end], [called], [Receipt("one", "evt_1", end, taken=True)])) == []
        assert "missed 1 of 1" in next(delivery_faults([end], [called], []))
