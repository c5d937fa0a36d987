"""The defences of the language model's client, and of the stories that wait for it."""

from typing import Final

from tests.mutations.defence import Defence

MODEL_CLIENT: Final = (
    Defence(
        "a text does not follow a redirect of the model's server",
        "api/llm/model_client.py",
        "follow_redirects=False",
        "follow_redirects=True",
        ("tests/unit/llm/test_outcomes.py::TestMisconfigured",),
    ),
    Defence(
        "a text does not go through a proxy of the environment",
        "api/llm/model_client.py",
        "trust_env=False",
        "trust_env=True",
        ("tests/unit/llm/test_completions.py",),
    ),
    Defence(
        "a request that exceeds the model's context is not sent",
        "api/llm/model_client.py",
        "if self._exceeds_context(request):",
        "if False:",
        ("tests/unit/llm/test_model_client.py::TestContext",),
    ),
    Defence(
        "an authority of the operator is trusted instead of the public ones",
        "api/llm/model_client.py",
        "cafile=file or certifi.where()",
        "cafile=certifi.where()",
        ("tests/unit/llm/test_model_client.py::TestAuthorities",),
    ),
    Defence(
        "an answer to a prompt that was cut is refused",
        "api/llm/answers.py",
        "if usage is not None and prompt_was_cut(characters, usage.prompt):",
        "if False:",
        ("tests/unit/llm/test_outcomes.py::TestRejected",),
    ),
    Defence(
        "an answer with status 200 is checked",
        "api/llm/answers.py",
        "if _accepted(part.encode(), request):",
        "if True:",
        ("tests/unit/llm/test_outcomes.py::TestRejected",),
    ),
    Defence(
        "the server's words, which may repeat key and text, reach no log",
        "api/llm/refusals.py",
        " and _CODE.fullmatch(code)",
        "",
        ("tests/unit/llm/test_outcomes.py::TestMisconfigured",),
    ),
    Defence(
        "an answer that is late for a publication is waited for, and not paid for twice",
        "api/jobs/wait_for_model.py",
        "        await asyncio.wait({judging})\n",
        "        judging.cancel()\n",
        ("tests/journeys/stories/test_wait_for_model.py::TestAModelThatIsLate",),
    ),
    Defence(
        "a job for an older verdict says nothing of the current one's second opinion",
        "api/storage/stories/stories.py",
        " AND s.verdict_id = j.verdict_id\n",
        "\n",
        ("tests/storage/test_second_opinion_states.py",),
    ),
    Defence(
        "a client that cancels takes a second opinion from nobody else",
        "api/operations/analyses/cancel_analysis.py",
        "if others or job.kind is InputKind.SECOND_OPINION:",
        "if others:",
        ("tests/journeys/stories/test_missing_second_opinions.py",),
    ),
)
