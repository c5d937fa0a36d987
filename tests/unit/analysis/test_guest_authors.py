"""A guest's organisation is named where the page names it, and never guessed."""

import pytest

from api.analysis.guest_authors import guest_organization, is_organization

SITE = ("Harbour Weekly", "harbour-weekly.example", "harbour-weekly")
TEXT = [
    "Ports will have to change, and they will have to do it soon.",
    "Most of them still burn oil for the cranes and for the lights on the quay.",
    "What follows is a plan in three steps that any port could take.",
    "It begins with counting what is burnt.",
    "Then the cranes are rewired, one after the other.",
    "At last the ships are connected to the shore.",
    "Nobody will notice, and that is the point.",
    "We have done it in two towns.",
]


def _organization(paragraphs: list[str], authors: tuple[str, ...] = (), url: str | None = None) -> str | None:
    return guest_organization(paragraphs, authors, SITE, url)


class TestGuestOrganization:
    @pytest.mark.parametrize(
        "note",
        [
            "By Ida Rem, 4 May 2031",
            "By Ida Rem, Senior Correspondent",
            "By Ida Rem and Bo Ek",
            "This is a guest post by Ida Rem.",
            "Guest column by Ida Rem, who has lived here all her life.",
            "A guest post from Harbour Weekly Ltd.",
            "Ida Rem is a reporter for Harbour Weekly.",
            "Ida Rem is writing about the sea.",
            "The guest house by the harbour was full.",
            "She spoke at Vellum Robotics about cranes.",
        ],
    )
    def test_refuses_to_guess(self, note: str) -> None:
        assert _organization([note, *TEXT, note], ("Ida Rem",)) is None

    @pytest.mark.parametrize(
        ("note", "organization"),
        [
            ("This is a guest post by Ida Rem, CEO at Vellum Robotics.", "Vellum Robotics"),
            ("Guest post by Ida Rem of Vellum Robotics", "Vellum Robotics"),
            ("Guest article by Ida Rem, head of research at the Institute of Quays.", "Institute of Quays"),
            ("This guest blog post was written by the team at Vellum Robotics.", "Vellum Robotics"),
            ("A guest contribution from Vellum Robotics Ltd", "Vellum Robotics Ltd"),
            ("By Ida Rem, Vellum Robotics Ltd", "Vellum Robotics Ltd"),
            ("By Ida Rem, University of Ashford", "University of Ashford"),
        ],
    )
    def test_reads_a_guest_note_or_byline(self, note: str, organization: str) -> None:
        assert _organization([note, *TEXT]) == organization

    @pytest.mark.parametrize(
        ("line", "organization"),
        [
            ("Ida Rem is the chief executive of Vellum Robotics. She lives by the sea.", "Vellum Robotics"),
            ("About the author: Ida Rem works as an engineer at Vellum Robotics.", "Vellum Robotics"),
            ("Ida Rem is professor of Law at Vell University.", "Vell University"),
            ("Ida Rem is a professor of economics at the University of Ashford.", "University of Ashford"),
        ],
    )
    def test_reads_the_authors_own_biography(self, line: str, organization: str) -> None:
        assert _organization([*TEXT, line], ("Ida Rem",)) == organization
        assert _organization([*TEXT, line], ("Bo Ek",)) is None
        assert _organization([line, *TEXT], ("Ida Rem",)) is None

    def test_reads_the_account_of_a_community_blog(self) -> None:
        url = "https://huggingface.co/blog/vellum-robotics/quiet-cranes"
        assert _organization(TEXT, (), url) == "vellum-robotics"
        assert _organization(TEXT, ("Vellum Robotics",), url) is None
        assert _organization(TEXT, (), "https://huggingface.co/blog/quiet-cranes") is None
        assert _organization(TEXT, (), "https://other.example/blog/vellum-robotics/quiet-cranes") is None


class TestIsOrganization:
    @pytest.mark.parametrize("name", ["Ida Rem", "Bo Incandela", "Agnes Sealand", "The Editors"])
    def test_leaves_people_alone(self, name: str) -> None:
        assert not is_organization(name)

    @pytest.mark.parametrize(
        "name", ["Vellum Robotics Ltd", "Acme, Inc.", "Rem Foundation", "Vell University", "Quay GmbH"]
    )
    def test_knows_the_forms_of_companies_and_institutions(self, name: str) -> None:
        assert is_organization(name)
