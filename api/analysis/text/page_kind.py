"""Kinds of pages that are no article, by title or address: "About us", "/privacy-policy", "/category/pumps".

Only a title that is nothing but the kind's name counts, with the site's name beside it at most: "About Tuesday's
outage" is an article. Limits: English titles.
"""

import re
from typing import Final
from urllib.parse import urlsplit

NAME_WORDS: Final = 4  # most in the name of a site beside the title
OWN_VOICE: Final = 0.02  # least share of "we" and "our" in a text below "About Corvane"

_ABOUT = (
    r"about(?: us| me| this (?:site|website|blog)| our company| the (?:company|firm|team|museum|society|trust|"
    r"charity|school|club|foundation|institute|group|project|authors?|journal|newspaper|magazine))?|who we are|"
    r"what we do|"
    r"our (?:story|mission|vision|values|team|people|history|company|purpose|promise)|"
    r"(?:meet )?the team|meet our team|leadership(?: team)?|management team|mission(?: statement| and vision)?|"
    r"company (?:profile|overview|history)"
)
_TERMS = (
    r"(?:website |general |standard )?(?:terms|conditions)(?: (?:of|and|&) (?:service|use|sale|conditions))*|"
    r"terms and privacy|(?:how we use |our )?cookies|privacy|(?:privacy|cookies?|refund|returns?|shipping|"
    r"delivery|acceptable use|editorial|moderation)"
    r"(?: and cookies?)? (?:policy|policies|notice|statement)|end[- ]user licen[cs]e agreement|eula|"
    r"(?:software )?licen[cs]e(?: agreement)?|(?:mit|bsd|apache) licen[cs]e.{0,20}|legal(?: notices?)?|"
    r"disclaimer|"
    r"accessibility statement|data processing agreement|service level agreement"
)
_CONTACT = r"contact(?: us| details)?|get in touch|imprint|impressum|find us|opening hours"
_LIST = (
    r"(?:latest |all |recent |more |top )?(?:news|articles|posts|stories|headlines|blog|blog posts|resources|"
    r"publications|press releases|videos|podcasts)|archives?(?: for .{1,40})?|(?:category|tag|topic|"
    r"author): .{1,40}|"
    r"search(?: results.{0,40})?|results \d.{0,60}|"
    r"\d{1,9} (?:results|hits) for .{1,60}|home(?: ?page)?|site ?map|(?:table of )?contents|index|links|"
    r"menu|newsroom|"
    r"press room|categories|products|services|downloads"
)
_JOBS = r"careers|jobs|vacanc(?:ies|y)|open positions|current openings|work with us|join us|join our team"
_REVIEWS = (
    r"(?:customer |user |guest |product )?(?:reviews|ratings|testimonials)(?: and ratings)?|"
    r"(?:what|hear what) (?:our |the )?(?:customers|clients|users|guests|people|members) (?:say|"
    r"think)(?: about us)?|"
    r".{1,60} gave .{1,60} [1-5] stars?|.{0,60}\breview by \w{1,30}|success stories"
)
_OTHERS = (
    r"(?:frequently asked questions|faqs?)|(?:shopping )?cart|checkout|my account|sign in|log ?in|register|"
    r"compare (?:plans|models|products)|(?:plans and )?pricing|(?:page )?not found.{0,20}|"
    r"(?:error )?404.{0,30}|access denied|just a moment.{0,3}|before you continue|we['’]ll be right back|"
    r"(?:service|site) unavailable|(?:help|support) cent(?:re|er)|(?:price|rate) list|prices|glossary|"
    r"(?:press|media) kit"
)
_THREADS = (
    r"(?:reader )?comments(?: \(\d{1,9}\))?|"
    r"\d{1,9} (?:comments|replies|responses|thoughts)(?: (?:to|on) .{1,100})?"
)
_KINDS: Final = (
    ("a page about its publisher", re.compile(_ABOUT, re.IGNORECASE)),
    ("a page of terms", re.compile(_TERMS, re.IGNORECASE)),
    ("a contact page", re.compile(_CONTACT, re.IGNORECASE)),
    ("a page of links to others", re.compile(_LIST, re.IGNORECASE)),
    ("a page of open jobs", re.compile(_JOBS, re.IGNORECASE)),
    ("a page of reviews", re.compile(_REVIEWS, re.IGNORECASE)),
    ("a thread of comments", re.compile(_THREADS, re.IGNORECASE)),
    ("a page of the site itself", re.compile(_OTHERS, re.IGNORECASE)),
)
_OVERVIEW = re.compile(
    r"/(?:category|categories|tags?|topics?|author|archives?|search|page)(?:/[\w%+.-]{1,80}){1,3}"
)
# Folders of things other than stories: a hint, since some sites keep news in them too.
_THINGS = re.compile(
    r"/(?:products?|shop|store|rooms?|pricing|plans|platform|solutions|courses?|hotels?|jobs?|careers?|vacanc\w{1,3}|"
    r"positions|docs?|documentation|api|manual|wiki|help|support|faqs?|how-to|recipes?|legal|terms|privacy|tos|"
    r"licen[cs]es?|policies|forums?|threads?|comments|events?|whats-on|schedule|timetables?|calendar|about|company|"
    r"team|people|search|testimonials|transcripts?|chats?|logs|apps?|datasets?)(?:/|$)",
    re.IGNORECASE,
)
_STORY = re.compile(
    r"/(?:blog|news|articles?|press|stories|story|posts?|magazine|journal|opinion|features?|(?:19|20)\d\d)/[^/]|"
    r"/[a-z0-9]{1,30}(?:-[a-z0-9]{1,30}){4}",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r" [|\u2013\u2014\u00b7\u2022\u00bb:-] |: ")
_OWN_NAME = re.compile(r"About ([A-Z][\w&.-]{1,30}(?: [A-Z][\w&.-]{1,30}){0,3})")
_OWN = re.compile(r"\b(?:we|our|us)\b", re.IGNORECASE)
_SUFFIX = re.compile(r"\.(?:html?|php|aspx?)$")
_JOINTS = re.compile(r"[-_+]")


def kind_by_title(title: str, body: str) -> str | None:
    """The kind of page that the title names, as a noun phrase; None if it may be an article's."""
    title = title.strip().rstrip(".!")
    parts = [part.strip() for part in _SEPARATOR.split(title)]
    own = _OWN_NAME.fullmatch(parts[0])
    if own and len(_OWN.findall(body)) >= OWN_VOICE * len(body.split()) > 0:
        return _KINDS[0][0]
    if (kind := _kind(title)) is not None or len(parts) != 2:
        return kind
    return next(
        (
            kind
            for part, name in (parts, parts[::-1])
            if len(name.split()) <= NAME_WORDS and (kind := _kind(part)) is not None
        ),
        None,
    )


def kind_by_address(url: str) -> str | None:
    """The kind of page that the last part of the address names; None if it may be an article's."""
    path = urlsplit(url).path.rstrip("/").casefold()
    if _OVERVIEW.fullmatch(path):
        return "a page of links to others"
    last = _SUFFIX.sub("", path.rpartition("/")[2])
    return _kind(_JOINTS.sub(" ", last)) if last else None


def is_address_of_things(url: str) -> bool:
    """Whether a folder of the address is for products, jobs, documentation or the like."""
    return _THINGS.search(urlsplit(url).path) is not None


def is_story_address(url: str) -> bool:
    """Whether the address has a folder of stories, a date, or a headline in it."""
    return _STORY.search(urlsplit(url).path) is not None


def _kind(name: str) -> str | None:
    return next((kind for kind, names in _KINDS if names.fullmatch(name)), None)
