"""Refuses a submission that nothing could come of, before anything is stored or asked."""

from api.errors import placed
from api.fetching.policy import FetchPolicy
from api.web.urls import normalize, parse_target
from schemas.analyses import AnalysisSubmission


def check_submission(policy: FetchPolicy, submission: AnalysisSubmission) -> None:
    """Raises InvalidRequest for a URL that is none, UrlNotAllowed for one that is never contacted."""
    if submission.url is None:
        return
    with placed(pointer="#/url"):
        policy.refuse(parse_target(normalize(submission.url)))
