"""The clock's ids."""

from uuid import UUID

from api.clock import Clock


def test_uuids_are_random_ones_and_no_two_are_the_same() -> None:
    clock = Clock()
    created = [text for _ in range(50) for text in clock.new_uuids(64)]
    assert {str(UUID(text)) for text in created} == set(created)
    assert len(set(created)) == 50 * 64
    assert all(UUID(text).version == 4 and UUID(text).variant == "specified in RFC 4122" for text in created)
    assert len({text[:-12] for text in created}) == 50
