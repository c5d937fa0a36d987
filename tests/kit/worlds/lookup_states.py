"""One page in each state of a look-up."""

from typing import Final

from api.errors import PageTooLarge
from api.operations.analyses.finish_analysis import fail_job
from api.storage.analyses.analysis_jobs import insert_job
from schemas.enums import InputKind, LookupState
from tests.kit.clients.api_client import Api
from tests.kit.texts.factories import make_article, make_edition, make_refusal, publish

PAGES: Final = {state: f"http://news.brightwater.example/{state}" for state in LookupState} | {
    LookupState.REFUSED: "no url"
}


async def make_pages(api: Api) -> None:
    """Bring `PAGES` into their states; the stories have these as titles."""
    await api.publish_story(url=PAGES[LookupState.KNOWN], title=LookupState.KNOWN)
    refused = make_article(url=PAGES[LookupState.NOT_SCORABLE], title=LookupState.NOT_SCORABLE)
    await publish(api.runtime, make_edition(refused, make_refusal(refused)))
    gone = await api.publish_story(url=PAGES[LookupState.RETRACTED], title=LookupState.RETRACTED)
    body = {"reason": "error", "statement": "A test page."}
    assert (await api.holder.post(f"/v1/stories/{gone}/retract", json=body)).is_success
    async with api.runtime.pool.transaction() as connection:
        for state in (LookupState.QUEUED, LookupState.FAILED):
            job, url = api.runtime.clock.new_id("job"), PAGES[state]
            await insert_job(
                connection, job_id=job, kind=InputKind.URL, account_id=None, url=url,
                url_key=url.removeprefix("http://"), draft=None, at=api.runtime.clock.now(),
            )  # fmt: skip
            if state is LookupState.FAILED:
                await fail_job(connection, api.runtime, job, PageTooLarge("It is too large."))
