"""XML made to be expanded, to be deep, broad or endless, and encodings that lie (promises 4, 9, 14, 15)."""

from __future__ import annotations

from tests.hostile.case import Case, read, trouble
from tests.hostile.cases.pages import atom, channel, item, rss
from tests.hostile.server import says

MEGABYTE = 2**20
LAUGHS = (
    "<!DOCTYPE rss [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12)) + "]>"
)
QUADRATIC = f"<!DOCTYPE rss [<!ENTITY a '{'a' * 50_000}'>]>"


def external(what: str) -> str:
    return f"<!DOCTYPE rss [<!ENTITY e {what}>]>"


ENTITIES: tuple[Case, ...] = (
    read(
        "xml-billion-laughs",
        says(channel(item("&a11;", "<description>&a11;</description>").replace("&amp;", "&"), LAUGHS)),
        1,
        lacks=("haha",),
    ),
    read(
        "xml-quadratic",
        says(channel(item("x", f"<description>{'&a;' * 20_000}</description>"), QUADRATIC)),
        1,
        lacks=("aaaa",),
    ),
    read(
        "xml-entity-of-itself",
        says(
            channel(item("x", "<description>&a;</description>"), "<!DOCTYPE rss [<!ENTITY a '&b;'><!ENTITY b '&a;'>]>")
        ),
        1,
    ),
    read(
        "xml-entity-of-a-file",
        says(channel(item("x", "<description>&e;</description>"), external("SYSTEM 'file:///etc/passwd'"))),
        1,
        lacks=("root:",),
    ),
    read(
        "xml-entity-of-an-address",
        says(channel(item("x", "<description>&e;</description>"), external("SYSTEM 'http://127.0.0.1:9/'"))),
        1,
    ),
    read(
        "xml-entity-public",
        says(channel(item("x", "&e;"), external("PUBLIC 'x' 'file:///etc/passwd'"))),
        1,
        lacks=("root:",),
    ),
    read(
        "xml-parameter-entity",
        says(channel(item("x"), "<!DOCTYPE rss [<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;]>")),
        1,
        lacks=("root:",),
    ),
    read("xml-dtd-elsewhere", says(channel(item("x"), "<!DOCTYPE rss SYSTEM 'http://127.0.0.1:9/rss.dtd'>")), 1),
    read(
        "xml-stylesheet",
        says(channel(item("x"), "<?xml-stylesheet href='http://127.0.0.1:9/x.xsl' type='text/xsl'?>")),
        1,
    ),
    read(
        "xml-xinclude",
        says(
            channel(
                item(
                    "x",
                    "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file:///etc/passwd' parse='text'/>",
                )
            )
        ),
        1,
        lacks=("root:",),
    ),
    read(
        "xml-schema-elsewhere",
        says(
            channel(
                item("x"),
                root="xmlns:x='http://www.w3.org/2001/XMLSchema-instance' x:schemaLocation='a http://127.0.0.1:9/'",
            )
        ),
        1,
    ),
    trouble(
        "xml-doctype-without-end",
        says("<?xml version='1.0'?><!DOCTYPE rss [" + "<!ENTITY a 'b'>" * 20_000),
        "trouble-empty",
        "trouble-not-feed",
        "trouble-xml",
    ),
)

SHAPES: tuple[Case, ...] = (
    trouble("xml-deep", says(channel("<a>" * 100_000)), "trouble-deep"),
    trouble("xml-deep-and-closed", says(channel("<a>" * 50_000 + "</a>" * 50_000)), "trouble-deep"),
    trouble(
        "xml-deep-markup",
        says(atom("<entry><content type='xhtml'>" + "<div>" * 5_000 + "</div>" * 5_000 + "</content></entry>")),
        "trouble-deep",
    ),
    trouble("xml-broad", says(channel("<item/>" * 200_000)), "trouble-many"),
    trouble("xml-broad-entries", says(atom("<entry/>" * 6_000)), "trouble-many"),
    trouble("xml-elements-by-millions", says(lambda: channel("<a/>" * 2_000_000).encode()), "trouble-heavy"),
    read("xml-thousands-of-items", says(rss(*(f"n {n}" for n in range(4_900)))), 500),
    Case(
        "xml-attributes-by-thousands",
        says(channel(item("x", "<a " + " ".join(f"b{n}='c'" for n in range(60_000)) + "/>"))),
        ("trouble-heavy",),
    ),
    read(
        "xml-attribute-of-megabytes",
        says(lambda: channel(item("x", f"<a b='{'c' * 8 * MEGABYTE}'/>")).encode()),
        range(2),
    ),
    read(
        "xml-namespaces-by-thousands",
        says(channel("".join(f"<a{n}:b xmlns:a{n}='urn:{n}'/>" for n in range(4_000)) + item("x"))),
        1,
    ),
    read("xml-title-of-megabytes", says(lambda: channel(item("t" * 9 * MEGABYTE)).encode()), 0),
    read("xml-title-of-90-kilobytes", says(channel(item("titre " * 15_000))), 1),
    read(
        "xml-text-of-megabytes",
        says(lambda: channel(item("x", f"<description>{'mot ' * 2 * MEGABYTE}</description>")).encode()),
        1,
    ),
    # Python keeps four bytes for each sign of such a text.
    read(
        "xml-houses-by-millions",
        says(lambda: channel(item("x", f"<description>{'🏘 ' * 1_900_000}</description>")).encode()),
        1,
    ),
    read(
        "xml-cdata-of-megabytes",
        says(lambda: channel(item("x", f"<description><![CDATA[{'<b>' * 2 * MEGABYTE}]]></description>")).encode()),
        range(2),
    ),
    read(
        "xml-cdata-without-end",
        says("<rss><channel>" + item("x") + "<item><title><![CDATA[" + "y" * 100_000),
        range(1, 3),
        titles=("x",),
    ),
    read("xml-comment-without-end", says("<rss><channel>" + item("x") + "<!-- " + "- " * 100_000), 1),
    read("xml-comments-by-thousands", says(channel("<!-- x -->" * 100_000 + item("x"))), 1),
    read("xml-instructions-by-thousands", says(channel("<?x y?>" * 100_000 + item("x"))), 1),
    read("xml-ampersands", says(channel(item("x", f"<description>{'&' * 300_000}</description>"))), 1),
    read("xml-references-by-thousands", says(channel(item("x", f"<description>{'&#97;' * 400_000}</description>"))), 1),
    read("xml-reference-enormous", says(channel(item("x", f"<description>&#{'9' * 100_000};</description>"))), 1),
    read("xml-less-than-signs", says(channel(item("x", f"<description>{'&lt;' * 300_000}</description>"))), 1),
    read("xml-half-tags", says(channel(item("x", f"<description>{'&lt;a ' * 100_000}</description>"))), 1),
    read(
        "xml-escaped-often", says(channel(item("x", f"<description>{'&amp;' * 50 + 'amp;' * 50}lt;b</description>"))), 1
    ),
    read("xml-categories-by-thousands", says(channel(item("x", "<category>c</category>" * 30_000))), 1),
    read(
        "xml-links-by-thousands", says(atom("<entry><title>x</title>" + "<link href='/a'/>" * 30_000 + "</entry>")), 1
    ),
    read("xml-names-without-end", says(channel(item("x", f"<{'n' * 500_000}/>"))), range(2)),
    trouble("xml-prefixes-within-prefixes", says("<a:" * 50_000), "trouble-empty", "trouble-not-feed", "trouble-xml"),
    read("xml-empty-items", says(channel("<item></item>" * 400 + item("x"))), 1),
    read("xml-two-roots", says(rss("un") + rss("deux")), range(1, 3), titles=("un",)),
    read(
        "xml-rss-in-rss",
        says(channel(item("x", rss("SECRET").partition("?>")[2].replace("SECRET", "dedans")))),
        range(1, 3),
    ),
    trouble("xml-opml", says("<opml><body><outline xmlUrl='http://127.0.0.1:9/'/></body></opml>"), "trouble-not-feed"),
    trouble("xml-svg", says("<svg xmlns='http://www.w3.org/2000/svg'><script>x</script></svg>"), "trouble-not-feed"),
)


def told(name: str, body: bytes, *titles: str, type_: str = "application/xml", **more: object) -> Case:
    return read(f"encoding-{name}", says(body, type=type_), 1, titles=titles, **more)


def declared(name: str, text: str) -> str:
    return rss(text).replace('version="1.0"', f'version="1.0" encoding="{name}"', 1)


ENCODINGS: tuple[Case, ...] = (
    told("utf-7-said", rss("é+ADw-script+AD4-").encode(), "é+ADw-script+AD4-", type_="application/xml; charset=utf-7"),
    told("utf-7-declared", declared("utf-7", "+ADw-b+AD4-").encode(), "+ADw-b+AD4-"),
    told("zlib-codec", declared("zlib_codec", "été").encode(), "été", type_="text/xml; charset=zlib_codec"),
    told("base64-codec", declared("base64", "été").encode(), "été", type_="text/xml; charset=base64"),
    told("rot13", declared("rot13", "été").encode(), "été", type_="text/xml; charset=rot13"),
    told("idna-codec", declared("idna", "été").encode(), "été", type_="text/xml; charset=idna"),
    told(
        "unicode-escape",
        declared("unicode_escape", "\\x41").encode(),
        "\\x41",
        type_="text/xml; charset=raw_unicode_escape",
    ),
    told("utf-16-without-mark", rss("été").encode("utf-16-be"), "été"),
    told("utf-16-little-without-mark", rss("été").encode("utf-16-le"), "été"),
    told("utf-32", rss("été").encode("utf-32"), "été"),
    told("utf-16-said-of-utf-8", rss("été").encode(), "été", type_="application/xml; charset=utf-16"),
    told("utf-8-said-of-latin", rss("été").encode("latin-1"), "été", type_="application/xml; charset=utf-8"),
    told("latin-said-of-utf-8", rss("été").encode(), "été", type_="application/xml; charset=iso-8859-1"),
    told(
        "windows-said-latin", rss("l’été à 5 €").encode("cp1252"), "l’été à 5 €", type_="text/xml; charset=iso-8859-1"
    ),
    told("utf-8-twice", rss("Ã‰tÃ©").encode(), "Été"),
    told("ebcdic", declared("cp037", "été").encode(), "été", type_="text/xml; charset=cp037"),
    told("charset-endless", rss("été").encode(), "été", type_="text/xml; charset=" + "u" * 4_000),
    told("charset-of-a-path", rss("été").encode(), "été", type_="text/xml; charset=../../../etc/passwd"),
    told("mark-of-another", b"\xef\xbb\xbf" + rss("été").encode("latin-1"), "été"),
    told("two-marks", b"\xef\xbb\xbf\xef\xbb\xbf" + rss("été").encode(), "été"),
    told("broken-utf-8", rss("été").encode().replace(b"\xc3\xa9", b"\xc3", 1), type_="text/xml; charset=utf-8"),
    told("overlong-utf-8", rss("x").encode().replace(b">x<", b">\xc0\xbcscript\xc0\xbex<"), lacks=("<script",)),
    told("surrogates-in-utf-8", rss("x").encode().replace(b">x<", b">\xed\xa0\x80x\xed\xb0\x80<"), lacks=("\ud800",)),
    read("encoding-odd-utf-16", says(rss("été").encode("utf-16")[:-1]), range(2)),
    read("encoding-nuls-everywhere", says(rss("été").replace("", "\0").encode()), range(2)),
)

CASES = (*ENTITIES, *SHAPES, *ENCODINGS)
