"""A newspaper's page about an invented ferry, for the tests of extraction."""

import json
from html import escape
from typing import Any

from api.pages.extracted import Extracted
from api.pages.extraction import extract

URL = "https://www.ashford-courier.example/2031/ferry"
TITLE = "Night ferry to Ashford is to run again"
PARAGRAPHS = [
    "The night ferry between Ashford and the Holm islands will run again from May, the operator Northline "
    "said on Monday, two winters after it was stopped for want of passengers.",
    "Northline expects 40,000 travellers in the first year. It did not say how it reached that number, and "
    "the harbour office counted 22,000 in the last year of the old service.",
    "“We have listened to the islands,” said Marit Soll, who heads the company. “This is the connection that "
    "everybody has been waiting for.”",
    "The islanders' council welcomed the plan but asked for a timetable in writing. Its chair, Peder Aune, "
    "said that two earlier promises had come to nothing.",
    "A crossing will cost 310 crowns, a third more than before. Freight firms say that they were not asked, "
    "and the ministry of transport has yet to approve the subsidy.",
]
JAPANESE = [
    "港町の議会は月曜日、夜行フェリーの運航を五月から再開する計画を承認した。運航会社は初年度に四万人の利用を見込んでいる。",
    "島の住民からは歓迎の声が上がる一方、過去に二度約束が守られなかったことから、時刻表を文書で示すよう求める意見も出ている。",
    "運賃は以前より三割ほど高くなる見通しで、貨物会社は事前に相談がなかったと話している。国の補助金はまだ認められていない。",
]


def page(
    paragraphs: list[str] = PARAGRAPHS,
    *,
    title: str = TITLE,
    head: str = "",
    body: str = "",
    ld: dict[str, Any] | None = None,
    lang: str = "en",
) -> str:
    script = f'<script type="application/ld+json">{json.dumps(ld)}</script>' if ld else ""
    text = "\n".join(f"<p>{escape(p)}</p>" for p in paragraphs)
    return f"""<!doctype html><html lang="{lang}"><head><meta charset="utf-8">
<title>{escape(title)} | Ashford Courier</title><meta property="og:site_name" content="Ashford Courier">
{head}{script}</head><body><header><a href="/">Ashford Courier</a></header>
<nav><ul><li><a href="/news">News</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<main><article><h1>{escape(title)}</h1>{text}</article></main>{body}
<footer><p>Imprint and contact</p></footer></body></html>"""


NOTICE = "We have received what you wrote to us, with thanks. We will answer it as soon as we can do so."


def ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def og(name: str) -> str:
    return f'<meta property="og:type" content="{name}">'


def read(html: str | bytes, **arguments: Any) -> Extracted:
    data = html if isinstance(html, bytes) else html.encode()
    return extract(
        data, **({"url": URL, "declared_charset": "utf-8", "content_type": "text/html"} | arguments)
    )
