"""The one cleaner: plain text, the same when cleaned again, nothing forbidden in it (promises 14 and 16)."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.visible import MARKS, letters, limit_marks
from connectors.sources import clean
from connectors.sources.clean import SUMMARY, TITLE, clean_summary, clean_text, without_unseen

FORBIDDEN = (
    {chr(code) for code in (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))}
    | {chr(code) for code in (*range(0xD800, 0xE000), *range(0xE0000, 0xE0080), *range(0xE000, 0xF900), 0xFEFF, 0xFFFE)}
) - {"\n"}

# Any sign, lone surrogates included, and pieces that markup and entities are made of.
PIECES = st.sampled_from([
    *"<>&;/!\"'=\n\r\xa0é\x00\x92\u200d\u200c\ufb2c\u0958\u202e\ud800👩", "\U000e0041", "e\u0301", "--", "<b>", "</b>",
    "<p>", "<br/>", "<script>", "</script>", "<!--", "-->", "<![CDATA[", "]]>", "&amp;", "&lt;", "&#38;", "&amp;lt;",
    "&nbsp;", "&#x202e;", "&eacute;", "&notit;", "Ã©", "â€™", "ðŸ™‚", "<a b=\"", "<a b='c'>",
])  # fmt: skip
TEXTS = st.text() | st.lists(PIECES | st.text(max_size=3), max_size=40).map("".join)


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("5 < 6 & 7 > 2", "5 < 6 & 7 > 2"),
        ("Prix <10 €", "Prix <10 €"),
        ("si a<b alors a - b < 0", "si a<b alors a - b < 0"),
        ("a_b_c, R&D et *étoiles*", "a_b_c, R&D et *étoiles*"),
        ("https://a.fr/?a=1&section=2&copy=3", "https://a.fr/?a=1&section=2&copy=3"),
        ("R&amp;amp;D", "R&D"),
        ("&amp;amp;amp;amp;amp;lt;b&gt;gras", "gras"),
        ("L&amp;rsquo;habitat", "L’habitat"),
        ("&eacute;t&eacute; &#233; &#xE9;", "été é é"),
        ("un&lt;b&gt; mot&lt;/b&gt;", "un mot"),
        ("<p>Un</p><p>Deux<br>trois</p>", "Un Deux trois"),
        ("un<b>mot</b>coupé", "unmotcoupé"),
        ("<td>a</td><td>b</td>", "a b"),
        ('<a href="x" title="1 > 0">lien</a> fin', "lien fin"),
        ("texte <a href='x>", "texte"),
        ('texte <a href="https://exem', "texte"),
        ("a<script>alert(1)</script><style>p{}</style>b<!-- c -->", "ab"),
        ('bravo <img class="wp-smiley" src="x" alt="🙂" />', "bravo 🙂"),
        ('<img class="photo" alt="Vue du quartier"/>titre', "titre"),
        ("don\x92t", "don’t"),
        ("e\u0301cole", "école"),
        ("  deux \n\t lignes  ", "deux lignes"),
        ("Titre\xa0: fin\xa0", "Titre\xa0: fin"),
        ("deux \xa0 blancs", "deux blancs"),
        ("a\u202eb\u2066c\ufeff\u200bd\xade", "abcde"),
        ("\U0001f3f4\U000e0067\U000e007f", "\U0001f3f4"),
        ("👩\u200d🚒 et a\u200db", "👩\u200d🚒 et ab"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\u200d \u200c", ""),
        ("Ã‰coquartier, lâ€™Ã©tÃ©", "Écoquartier, l’été"),
        ("l’été Ã©cologique", "l’été écologique"),
        ("MOBILITÉ\xa0: « Cité »", "MOBILITÉ\xa0: « Cité »"),
        ("&lt;script&gt;x&lt;/script&gt;y", "y"),
    ],
)
def test_a_title_reads_as_a_person_would_write_it(raw: str, plain: str) -> None:
    assert clean_text(raw) == plain


def test_blocks_of_a_summary_are_lines_and_line_ends_of_its_markup_are_not() -> None:
    assert (
        clean_summary("<p>Un\nmot</p>\n\n<p>Deux<br/>trois</p><ul><li>a</li><li>b</li></ul>")
        == "Un mot\nDeux\ntrois\na\nb"
    )
    assert clean_summary("Un\n\n  deux\r\ntrois") == "Un\ndeux\ntrois"


def test_a_long_title_is_cut_between_words() -> None:
    cut = clean_text("mot " * 200)
    assert len(cut) <= TITLE
    assert cut.endswith("mot…")
    assert clean_text("é" * 1000) == "é" * (TITLE - 1) + "…"


def test_a_cut_never_leaves_half_a_letter() -> None:
    family = "👨\u200d👩\u200d👧"
    for start in range(8):
        cut = clean_text("x" * start + family * 100)
        assert cut.rstrip("…").removeprefix("x" * start).replace(family, "") == ""


def test_a_summary_stays_under_64_kib_in_any_script() -> None:
    cut = clean_summary("🏡" * 200_000)
    assert SUMMARY / 2 < len(cut) <= SUMMARY
    assert len(cut.encode()) < 64 * 1024


@given(TEXTS)
def test_cleaning_again_changes_nothing(text: str) -> None:
    once, lines = clean_text(text), clean_summary(text)
    assert clean_text(once) == once
    assert clean_summary(lines) == lines
    assert "\n" not in once
    assert "\n\n" not in lines


@given(TEXTS, st.integers(2, 40))
def test_cleaning_again_changes_nothing_however_short(text: str, limit: int) -> None:
    once = clean_text(text, limit)
    assert len(once) <= limit
    assert clean_text(once, limit) == once


@given(TEXTS)
def test_nothing_forbidden_remains_and_no_text_grows(text: str) -> None:
    for cleaned in (clean_text(text), clean_summary(text)):
        assert not FORBIDDEN.intersection(cleaned)
        assert len(cleaned) <= len(text)


@given(st.text(st.characters(categories=("L", "N")), max_size=TITLE))
def test_letters_and_figures_stay_as_they_are(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    if not set(text) & set("ÂÃÅâð"):
        assert clean_text(text) == (composed if len(composed) <= len(text) else text)


@pytest.mark.parametrize("piece", ["<", "&amp;", "&amp;#38;", "<b", "<b>", "<!--", "<a b=\"'>", "<<b>b>", "&lt;"])
def test_what_nests_without_end_ends(piece: str) -> None:
    cleaned = clean_summary(piece * 20_000)
    assert clean_summary(cleaned) == cleaned


def test_what_nests_deeper_than_anybody_writes_loses_its_signs() -> None:
    assert clean_text("a" + "<" * 30 + "b>" * 30) == "a"
    deep = clean_text("a" + "<" * 200 + "b>" * 200)
    assert deep.startswith("ab>b>")
    assert "<" not in deep
    assert clean_text(deep) == deep


def test_every_pair_of_doubly_encoded_text_can_be_read() -> None:
    for letter in map(
        chr, (*range(0xA0, 0x100), *range(0x2010, 0x2040), 0x152, 0x153, 0x20AC, *range(0x1F300, 0x1F700))
    ):
        twice = letter.encode().decode("cp1252", "ignore")
        if len(twice) == len(letter.encode()):
            assert clean_text(f"a{twice}b") == clean_text(f"a{letter}b")


MARKUP = st.sampled_from([
    "un mot", "R&D", "é·« l’été »…", "\t", "\n", "\u202f", "&emsp;", "&#x301;", "<BR>", "<p class='x y'>",
    '<div title="a>b">', "<td a='b'>", "<img class=\"wp-smiley\" alt='a'>", "<IMG src='a' alt='b'>",
    "<style type='a'>", "</style>", "<style-x>",
    "<b\n>", '<a "x">', "<a b", "<h1>", "<h7>", "<p/x>", "<a:b c:d='e'>", "<p a='b'c>", "â€",
    "Â", "a\xa0 b",
])  # fmt: skip
NEVER = re.compile("(?!)")


@given(st.lists(PIECES | MARKUP | st.text(max_size=2), max_size=14).map("".join), st.sampled_from([5, 12, TITLE]))
def test_short_ways_lead_where_the_long_way_leads(text: str, limit: int) -> None:
    short = clean_text(text, limit), clean_summary(text, limit), clean.without_unseen(text)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("_CLEAN_ROW", "_CLEAN_ROWS", "_PLAIN_TAG"):
            patch.setattr(clean, name, NEVER)
        patch.setattr(clean, "_ODD", re.compile(""))
        patch.setattr(clean, "_single", lambda text: clean._BLANKS.sub(" ", text).strip())
        patch.setattr(clean, "without_unseen", lambda text: clean._UNSEEN.sub("", text.translate(clean._C1)))
        assert (clean_text(text, limit), clean_summary(text, limit), clean.without_unseen(text)) == short


ZALGO = "Quartier Z" + "\u0335\u0338" * 50 + "AC : la concertation"


def test_at_most_eight_marks_stand_on_a_letter() -> None:
    for cleaned in (clean_text(ZALGO), clean_summary(ZALGO), without_unseen(ZALGO)):
        assert max(map(len, letters(cleaned))) <= 1 + MARKS
        assert cleaned.startswith("Quartier Z")
        assert cleaned.endswith("AC : la concertation")


@pytest.mark.parametrize(
    "text", ["ệ", "e\u0302\u0323", "ก็ที่สุด", "नमस्ते क्षेत्र", "שָׁלוֹם", "é" * 50, "👩\u200d👩\u200d👧", "☀️"]
)
def test_writings_keep_their_marks(text: str) -> None:
    assert limit_marks(text) == text


@given(st.text(st.characters(categories=["Mn", "Me", "Ll"]), max_size=60))
def test_limiting_marks_again_changes_nothing(text: str) -> None:
    once = limit_marks(text)
    assert limit_marks(once) == once
    assert all(len(letter) <= 1 + MARKS + 1 for letter in letters(once))
