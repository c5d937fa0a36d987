"""Invented articles as web pages."""

import html

PARAGRAPHS = (
    "The Brightwater Energy Cooperative switched on its first tidal turbine in Carrow Sound on Tuesday, "
    "eleven months later than planned.",
    "The machine is rated at 1.2 megawatts and should supply about 900 homes, according to the cooperative. "
    "It cost 14 million crowns, of which 5 million came from the regional fund.",
    "“This is a breakthrough for every harbour town on the coast,” said Ada Quillfeather, the cooperative's "
    "chair. “Nobody has done this before, and everybody will have to follow.”",
    "Fishermen in Carrow are less sure. Oskar Lindqvist, who runs two boats from the harbour, said that the "
    "exclusion zone had cost him a fifth of his autumn catch.",
    "The cooperative did not say how it measured the effect on fish. A report by the Carrow Marine Institute "
    "is due in March, and two further turbines depend on its findings.",
    "The regional regulator said that it had received the monitoring plan and would publish its comments "
    "before the end of the year.",
)


def article_page(
    *,
    title: str = "Brightwater opens its tidal turbine",
    host: str = "news.brightwater.example",
    canonical: str | None = None,
    paragraphs: tuple[str, ...] = PARAGRAPHS,
    head: str = "",
) -> bytes:
    """A page with one article; `canonical` is its rel=canonical, none by default."""
    link = f'<link rel="canonical" href="{html.escape(canonical)}">' if canonical else ""
    body = "\n".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in paragraphs)
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>
<meta property="og:type" content="article"><meta property="og:site_name" content="{host}">{link}{head}</head>
<body><nav><a href="/">Home</a></nav><article><h1>{html.escape(title)}</h1>
{body}</article><footer>Contact</footer></body></html>""".encode()
