"""Query parameters that track readers and do not identify a page; a closed list with their origins.

Parameters that select content in any common system are excluded: removing one merges two stories; retaining one
costs only a second fetch.
"""

from typing import Final

PREFIXES: Final = {
    "utm_": "Urchin and Google Analytics campaigns",
    "mtm_": "Matomo campaigns",
    "matomo_": "Matomo campaigns",
    "pk_": "Piwik, Matomo's former name",
    "piwik_": "Piwik, Matomo's former name",
    "hsa_": "HubSpot advertisements",
    "itm_": "internal campaigns by the pattern of utm_",
    "at_": "Piano Analytics campaigns (at_medium, at_campaign, at_link_id)",
    "ns_": "Comscore campaigns (ns_source, ns_mchannel, ns_campaign)",
    "fb_": "Facebook (fb_action_ids, fb_source, fb_ref)",
    "guce_": "Yahoo's consent page",
    "amp_": "AMP viewers (amp_js_v, amp_gsa, amp_ct)",
    "elq": "Oracle Eloqua mail (elqTrackId, elqaid, elqcst)",
    "vero_": "Vero mail",
    "oly_": "Omeda mail (oly_enc_id, oly_anon_id)",
    "trk_": "LinkedIn and mail campaigns",
    "__hs": "HubSpot cookies handed over (__hstc, __hssc, __hsfp)",
    "_hs": "HubSpot mail (_hsenc, _hsmi)",
}  # fmt: skip

NAMES: Final = {
    "_ga": "Google Analytics across domains",
    "_gl": "Google Analytics across domains",
    "gclid": "Google Ads click",
    "gclsrc": "Google Ads click",
    "dclid": "Google Display click",
    "gbraid": "Google Ads click on iOS",
    "wbraid": "Google Ads click on iOS",
    "srsltid": "Google Merchant listing",
    "usqp": "Google's AMP cache",
    "fbclid": "Facebook click",
    "igsh": "Instagram share",
    "igshid": "Instagram share",
    "msclkid": "Microsoft Advertising click",
    "ocid": "Microsoft campaigns",
    "cvid": "Microsoft conversation",
    "twclid": "X click",
    "__twitter_impression": "X's AMP view",
    "ttclid": "TikTok click",
    "li_fat_id": "LinkedIn click",
    "trk": "LinkedIn",
    "trkcampaign": "LinkedIn",
    "epik": "Pinterest click",
    "rdt_cid": "Reddit click",
    "yclid": "Yandex Direct click",
    "ysclid": "Yandex search click",
    "_openstat": "Openstat",
    "irclickid": "Impact affiliate click",
    "rb_clickid": "Rakuten click",
    "wickedid": "Wicked Reports",
    "mc_cid": "Mailchimp campaign",
    "mc_eid": "Mailchimp reader",
    "mkt_tok": "Marketo mail",
    "ml_subscriber": "MailerLite reader",
    "ml_subscriber_hash": "MailerLite reader",
    "ck_subscriber_id": "ConvertKit reader",
    "hsctatracking": "HubSpot button",
    "dm_i": "Dotdigital mail",
    "nr_email_referer": "Sailthru mail",
    "__s": "Drip mail",
    "s_cid": "Adobe Analytics campaign",
    "s_kwcid": "Adobe Advertising keyword",
    "cmpid": "campaign, CBS and others",
    "cmp": "campaign, The Guardian and others",
    "icid": "internal campaign",
    "ncid": "campaign, AOL and NBC",
    "ftag": "CBS Interactive, ZDNET",
    "smid": "The New York Times share",
    "smtyp": "The New York Times share",
    "sref": "Bloomberg share",
    "sr_share": "share counter of WordPress themes",
    "wt_mc": "Webtrekk campaign",
    "wt.mc_id": "Webtrends campaign",
    "xtor": "AT Internet campaign",
    "spm": "Alibaba's page map",
    "guccounter": "Yahoo's consent page",
    "ref": "referrer, put there by Ghost, Product Hunt and many sites",
    "ref_src": "referrer, X embeds",
    "ref_url": "referrer, X embeds",
    "referer": "referrer",
    "referrer": "referrer",
}  # fmt: skip

_PREFIXES = tuple(PREFIXES)


def is_tracking(name: str) -> bool:
    """Whether the parameter (any case, decoded) is for tracking only."""
    name = name.lower()
    return name in NAMES or name.startswith(_PREFIXES)
