"""Titles, links, dates and names that want to be more than text (promises 14, 16–18, 26, 27)."""

from __future__ import annotations

from datetime import timedelta

from tests.hostile.case import Case, read, trouble
from tests.hostile.cases.pages import NOW, RECENT, atom, channel, item, rss
from tests.hostile.server import Answer, Visit, in_turn, says

RLO, ZWJ, TAG = "\u202e", "\u200d", "\U000e0041"


def title(name: str, written: str, *titles: str, **more: object) -> Case:
    return read(f"title-{name}", says(channel(item(written, guid="1"))), 1, titles=titles, **more)


TITLES: tuple[Case, ...] = (
    title("everyone", "@everyone @here <@123> <#4>", "@everyone @here <@123> <#4>"),
    title("script", "<script>alert(1)</script>Visite", "Visite"),
    title("script-escaped", "&lt;script&gt;alert(1)&lt;/script&gt;Visite", "Visite"),
    title(
        "script-escaped-often",
        "&amp;amp;amp;lt;script&amp;amp;amp;gt;x&amp;amp;amp;lt;/script&amp;amp;amp;gt;Visite",
        "Visite",
    ),
    title("script-in-script", "<scr<script>x</script>ipt>alert(1)</script>Visite", lacks=("<script",)),
    title("image-onerror", "Visite <img src=x onerror=alert(1)>", "Visite"),
    title("markdown", "[ici](javascript:alert(1)) **gras** `x`", "[ici](javascript:alert(1)) **gras** `x`"),
    title("template", "{{ 7*7 }} { $title } ${7*7} %(x)s {0}", "{{ 7*7 }} { $title } ${7*7} %(x)s {0}"),
    title("formula", '=HYPERLINK("http://x")', '=HYPERLINK("http://x")'),
    title("sql", "'); DROP TABLE entry; --", "'); DROP TABLE entry; --"),
    title("comparison", "5 < 6 & 7 > 2, R&D, a_b_c", "5 < 6 & 7 > 2, R&D, a_b_c"),
    title("bidi", f"facture{RLO}fdp.exe", "facturefdp.exe"),
    title("tags", "Visite" + TAG * 400, "Visite"),
    title("family", f"👩{ZWJ}👩{ZWJ}👧 au quartier", f"👩{ZWJ}👩{ZWJ}👧 au quartier"),
    title("zero-width", "Vi\u200bsi\u2060te\ufeff", "Visite"),
    title("marks-by-hundreds", "V" + "\u0301" * 2_000 + "isite"),
    title("lines", "Visite\u2028du\u2029quartier\x0b\x0c", "Visite du quartier"),
    title("controls", "Visite&#1;&#27;[31m&#0;&#xD800;&#xFFFE;"),
    title("private-use", "Visite\ue000\uf8ff\U000f0000"),
    read("title-blanks", says(channel(item("\u00a0\u2003\u3000 \u200b", guid="1"))), 0),
    read(
        "title-blanks-with-a-link", says(channel(item("\u200b", guid="1", link="https://exemple.fr/"))), 1, titles=("",)
    ),
    title("endless-word", "é" * 5_000),
    title("emoji-by-thousands", "🏘️" * 3_000),
    read(
        "title-none-at-all",
        says(channel("<item><description>Seulement un texte</description></item>")),
        1,
        titles=("Seulement un texte",),
    ),
    read(
        "title-in-markup",
        says(
            atom(
                "<entry><title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>"
                "<script>x()</script><b>Visite</b></div></title><id>1</id></entry>"
            )
        ),
        1,
        lacks=("<b>",),
    ),
    read(
        "summary-of-everything",
        says(
            channel(
                item(
                    "x",
                    "<description>&lt;iframe src='javascript:x'&gt;&lt;style&gt;*{}&lt;/style&gt;"
                    "&lt;a href='data:text/html,x'&gt;lire&lt;/a&gt;</description>",
                )
            )
        ),
        1,
        lacks=("javascript", "<iframe", "*{}"),
    ),
)


def link(name: str, written: str, *links: str | None) -> Case:
    return read(f"link-{name}", says(channel(item("Visite", guid="1", link=written))), 1, links=links or (None,))


LINKS: tuple[Case, ...] = (
    link("javascript", "javascript:alert(1)"),
    link("javascript-blank", " java\nscript:alert(1)"),
    link("data", "data:text/html,<script>x</script>"),
    link("file", "file:///etc/passwd"),
    link("user", "https://club.fr:mdp@exemple.fr/"),
    link("user-hidden", "https://club.fr%40exemple.fr/"),
    link("endless", "https://exemple.fr/" + "a" * 5_000),
    link("bidi", f"https://exemple.fr/{RLO}gnp", "https://exemple.fr/gnp"),
    link("no-host", "https:///chemin", "https://chemin", None),
    link("bad-port", "https://exemple.fr:99999/"),
    link("open-bracket", "http://[::1/"),
    link("mailto", "mailto:x@exemple.fr"),
    link("tracking", "https://exemple.fr/a?utm_source=x&id=3&fbclid=y", "https://exemple.fr/a?id=3"),
    read(
        "link-base-javascript",
        says(atom("<entry xml:base='javascript:alert(1)//'><title>x</title><id>1</id><link href='a'/></entry>")),
        1,
    ),
    read(
        "link-image-inside",
        says(
            channel(
                item(
                    "x",
                    "<enclosure url='http://127.0.0.1:9/a.mp3' type='audio/mpeg'/>"
                    "<description>&lt;img src='http://127.0.0.1:9/b.png'&gt;x</description>",
                )
            )
        ),
        1,
    ),
)

FUTURE = (NOW + timedelta(days=9)).strftime("%a, %d %b %Y %H:%M:%S +0000")


def dated(name: str, written: str) -> Case:
    return read(f"date-{name}", says(channel(item("Visite", guid="1", date=written))), 1, titles=("Visite",))


DATES: tuple[Case, ...] = (
    dated("1970", "Thu, 01 Jan 1970 00:00:00 GMT"),
    dated("0001", "0001-01-01T00:00:00Z"),
    dated("9999", "9999-12-31T23:59:59Z"),
    dated("99999", "99999-12-31T23:59:59Z"),
    dated("month-13", "2026-13-45T25:61:61Z"),
    dated("next-week", FUTURE),
    dated("zone-of-99-hours", "2026-01-01T00:00:00+99:99"),
    dated("before-christ", "-0044-03-15T00:00:00Z"),
    dated("digits", "9" * 5_000),
    dated("words", "hier " * 3_000),
    dated("arabic-digits", "٢٠٢٦-٠١-٠١T٠٠:٠٠:٠٠Z"),
    dated("leap-second", "2016-12-31T23:59:60Z"),
    dated("superscripts", "²⁰²⁶-⁰¹-⁰¹"),
)


async def new_guids(visit: Visit) -> None:
    """The same two entries, with other guids and tracking at each visit."""
    items = (
        item(f"Nouvelle {n}", guid=f"{visit.number}-{n}-xyz", link=f"https://exemple.fr/{n}?utm_id={visit.number}")
        for n in range(2)
    )
    await says(channel("".join(items)))(visit)


def grown(*titles: str) -> Answer:
    return says(channel("".join(item(title, guid=f"g{n}") for n, title in enumerate(titles))))


IDENTITIES: tuple[Case, ...] = (
    read("guid-anew-each-time", new_guids, 2, again=True),
    read(
        "guid-one-for-all",
        says(channel("".join(item(f"Nouvelle {n}", guid="copié", link=f"https://exemple.fr/{n}") for n in range(5)))),
        5,
        again=True,
    ),
    read("guid-of-megabytes", says(lambda: channel(item("x", guid="g" * 3_000_000)).encode()), 1),
    read("guid-of-nuls", says(channel(item("x", guid="a\x01\u202e\ue000b")).replace("\x01", "&#0;")), 1),
    read("entry-a-thousand-times", says(channel(item("Pareil", guid="g", link="https://exemple.fr/a") * 1_000)), 1),
    read("entry-that-left", in_turn(grown("un", "deux"), grown("un")), 2, again=True),
    read("title-that-changes", in_turn(grown("Avant"), grown("Après")), 1, titles=("Après",), again=True),
    read(
        "order-that-changes", in_turn(says(rss("un", "deux", "trois")), says(rss("trois", "un", "deux"))), 3, again=True
    ),
    Case(
        "feed-then-page",
        in_turn(says(rss("un")), says("<html></html>", type="text/html")),
        ("trouble-html",),
        kept=1,
        again=True,
    ),
    read("language-absurd", says(channel("<language>" + "fr-" * 5_000 + "</language>" + item("x"))), 1),
    read("ttl-absurd", says(channel(f"<ttl>{'9' * 5_000}</ttl>" + item("x"))), 1),
    read(
        "label-flood",
        says(channel(item("x", "".join(f"<category>{'c' * 5_000}{n}</category>" for n in range(200))))),
        1,
    ),
    trouble(
        "date-only-rss",
        says(f"<rss><channel><pubDate>{RECENT}</pubDate><item><pubDate>{RECENT}</pubDate></item>"),
        "trouble-xml",
    ),
)

CASES = (*TITLES, *LINKS, *DATES, *IDENTITIES)
