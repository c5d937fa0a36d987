"""security.txt (RFC 9116)."""

from datetime import UTC, datetime, timedelta

from tests.kit.clients.api_client import BASE_URL, Api, Start
from tests.kit.texts.problems import check_problem

PATH = "/.well-known/security.txt"
CONTACT = "mailto:security@unspun.example"


class TestSecurityTxt:
    async def test_is_absent_where_no_contact_is_named(self, quiet_api: Api) -> None:
        check_problem(await quiet_api.client.get(PATH), 404, "not-found")

    async def test_names_the_contact_and_ends_within_a_year(self, start_api: Start) -> None:
        async with start_api(UNSPUN_SECURITY_CONTACT=CONTACT) as api:
            answer = await api.client.get(PATH)
            assert answer.headers["content-type"] == "text/plain; charset=utf-8"
            fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
            assert fields["Contact"] == CONTACT
            assert fields["Canonical"] == BASE_URL + PATH
            expires = datetime.fromisoformat(fields["Expires"])
            assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=365)
            assert fields.keys() <= {"Contact", "Expires", "Preferred-Languages", "Canonical"}
            again = await api.client.get(PATH, headers={"If-None-Match": answer.headers["etag"]})
            assert again.status_code == 304
