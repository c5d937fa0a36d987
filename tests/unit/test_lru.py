"""What a process holds ready: never more bytes than it may, and nothing of what has changed."""

from hypothesis import given
from hypothesis import strategies as st

from api.cache.lru import Memory

NAMES = st.integers(0, 9).map(str)
ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), NAMES, st.integers(0, 120), st.sets(st.sampled_from("abc"))),
        st.tuples(st.just("get"), NAMES, st.none(), st.none()),
        st.tuples(st.just("drop"), NAMES, st.none(), st.none()),
        st.tuples(st.just("tag"), st.sampled_from("abc"), st.none(), st.none()),
        st.tuples(st.just("clear"), NAMES, st.none(), st.none()),
    ),
    max_size=60,
)


class TestMemory:
    def test_forgets_what_was_asked_for_longest_ago(self) -> None:
        memory: Memory[str] = Memory(30)
        for name in ("a", "b", "c"):
            memory.put(name, name, 10)
        assert memory.get("a") == "a"
        memory.put("d", "d", 10)
        assert [memory.get(name) for name in ("a", "b", "c", "d")] == ["a", None, "c", "d"]

    def test_holds_nothing_that_is_larger_than_it_may_be(self) -> None:
        memory: Memory[str] = Memory(30)
        memory.put("a", "small", 10)
        memory.put("a", "large", 31)
        assert memory.get("a") is None
        assert Memory[str](0).get("a") is None

    @given(ACTIONS)
    def test_is_a_dictionary_without_what_went(self, actions: list[tuple[str, str, int, set[str]]]) -> None:
        memory: Memory[int] = Memory(300)
        model: dict[str, tuple[int, int, set[str]]] = {}  # the order is that of use
        for number, (action, name, size, tags) in enumerate(actions):
            if action == "put":
                memory.put(name, number, size, tags)
                model.pop(name, None)
                model[name] = (number, size, tags)
                while sum(size for _, size, _ in model.values()) > 300:
                    del model[next(iter(model))]
            elif action == "get":
                found = memory.get(name)
                assert found == (model[name][0] if name in model else None)
                if name in model:
                    model[name] = model.pop(name)
            elif action == "drop":
                memory.drop(name)
                model.pop(name, None)
            elif action == "tag":
                memory.drop_tagged(name)
                model = {key: held for key, held in model.items() if name not in held[2]}
            else:
                memory.clear()
                model.clear()
            assert memory.size == sum(size for _, size, _ in model.values()) <= 300
            assert len(memory) == len(model)
