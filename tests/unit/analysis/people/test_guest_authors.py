"""A guest author's organisation is named only if the page names it."""

import pytest

from api.analysis.people.guest_authors import guest_organization, is_organization

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
            "By Ida Rem, Head of Research",
            "By Ida Rem, Chief Executive, 10 November 2026",
            "By Ida Rem, Chief Executive, November 2026",
            "By Ida Rem, Chief Executive, Monday",
            "By Ida Rem, Chief Science Correspondent",
            "By Ida Rem, Editor at Large",
            "Posted by Ida Rem (Staff Writer)",
            "Posted by Ida Rem (she/her)",
            "Posted in Community by Ida Rem",
            "Guest post by Ida Rem, Contributing Writer",
            "Sponsored content from our partners, chosen by the editors.",
            "Sponsored content: read how Bo Ek rewired his port.",
            "The contribution by Vellum Robotics was small.",
            "Ida Rem leads walks along the quay at night.",
            "Ida Rem, who runs a boat, writes about Vellum Robotics.",
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
            ("Guest post by Ida Rem, Vellum Robotics", "Vellum Robotics"),
            ("Guest post by Ida Rem (Vellum Robotics)", "Vellum Robotics"),
            ("Posted in Community by Ida Rem (Vellum Robotics)", "Vellum Robotics"),
            ("A contribution by the policy team of the Rem Foundation", "Rem Foundation"),
            ("Contributed article by Vellum Robotics", "Vellum Robotics"),
            ("By Ida Rem, CEO of Vellum Robotics", "Vellum Robotics"),
            ("By Ida Rem, co-founder and CEO, Vellum Robotics", "Vellum Robotics"),
            ("By Ida Rem, VP of Marketing, Vellum Robotics", "Vellum Robotics"),
            ("By Ida Rem, senior engineer at Vellum Robotics", "Vellum Robotics"),
            ("Sponsored content: this article was written by Vellum Robotics.", "Vellum Robotics"),
            ("Paid post from Vellum Robotics", "Vellum Robotics"),
            ("Sponsored content by 7M", "7M"),
            ("Sponsored content by March of Lanterns", "March of Lanterns"),
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
            ("Ida Rem runs Vellum Robotics, a maker of quiet cranes.", "Vellum Robotics"),
            ("Ida Rem leads research on cranes at Vellum Robotics.", "Vellum Robotics"),
            ("Ida Rem co-founded Vellum Robotics in 2019.", "Vellum Robotics"),
            ("Ida Rem, CEO of Vellum Robotics, writes about cranes.", "Vellum Robotics"),
            ("Ida Rem is a professor of economics at the University of Ashford.", "University of Ashford"),
        ],
    )
    def test_reads_the_authors_own_biography(self, line: str, organization: str) -> None:
        assert _organization([*TEXT, line], ("Ida Rem",)) == organization
        assert _organization([*TEXT, line], ("Bo Ek",)) is None
        assert _organization([line, *TEXT], ("Ida Rem",)) is None

    def test_reads_who_wrote_a_contribution_without_a_byline(self) -> None:
        told = "Ida Rem is chief executive of the Harbour Owners Alliance, which two shipyards support."
        assert _organization([*TEXT, told]) is None
        assert _organization([*TEXT, told, "The views are those of the author."]) == "Harbour Owners Alliance"
        assert _organization(["Guest post: Why ports change", *TEXT[1:], told]) == "Harbour Owners Alliance"

    @pytest.mark.parametrize("line", ["By Ida Rem", "By Ida Rem, 4 May 2031", "Guest post by Ida Rem"])
    def test_knows_the_author_by_the_byline_too(self, line: str) -> None:
        life = "Ida Rem is head of public affairs at Vellum Robotics, which builds cranes."
        assert _organization([line, *TEXT, life]) == "Vellum Robotics"
        assert _organization([line, *TEXT, life.replace("Ida", "Bo")]) is None

    def test_reads_what_the_page_says_beside_the_text(self) -> None:
        note = "Guest post by Ida Rem, Vellum Robotics"
        assert guest_organization(TEXT, (), SITE, None, [note]) == "Vellum Robotics"
        assert guest_organization(TEXT, (), ("Vellum Robotics",), None, [note]) is None

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
