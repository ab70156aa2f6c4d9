"""Text out of bytes (promise 15), and XML that can be read out of what sites publish."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from connectors.sources.decode import decode, mend_xml

TEXT = "<a>L’été à 5 €</a>"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (codecs.BOM_UTF8 + TEXT.encode(), "text/xml; charset=koi8-r"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), ""),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), ""),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), ""),
        (TEXT.encode("utf-16-be"), ""),
        (TEXT.encode("utf-32-le"), ""),
        (TEXT.encode(), ""),
        (TEXT.encode(), "application/xml; charset=iso-8859-1"),
        (TEXT.encode(), "application/xml; charset=bogus"),
        (TEXT.encode(), "application/xml; charset=utf-16"),
        (("\n" * 9 + TEXT).encode("utf-16-be"), "application/xml; charset=utf-16-be"),
        (TEXT.encode("cp1252"), ""),
        (TEXT.encode("cp1252"), "application/xml; charset=utf-8"),
        (TEXT.encode("cp1252"), 'text/xml; charset="ISO-8859-1"'),
    ],
)
def test_the_encoding_is_found(body: bytes, content_type: str) -> None:
    assert decode(body, content_type).lstrip("\n") == TEXT


def test_the_order_is_http_then_declaration() -> None:
    declared = "<?xml version='1.0' encoding='koi8-r'?><a>цитата</a>"
    assert decode(declared.encode("koi8-r")) == declared
    assert decode(declared.encode("cp1251"), "text/xml; charset=windows-1251") == declared
    # The header fails, the declaration does not.
    assert decode(declared.encode("koi8-r"), "text/xml; charset=utf-8") == declared


@pytest.mark.parametrize(
    "name", ["zlib_codec", "utf-7", "hex", "base64", "rot13", "idna", "punycode", "unicode_escape", "x" * 300]
)
def test_only_encodings_of_text_are_believed(name: str) -> None:
    body = f"<?xml version='1.0' encoding='{name[:30]}'?>+AOk- x\\u00e9 xn--9ca".encode()
    assert decode(body, f"text/xml; charset={name}") == body.decode()


@given(st.binary(max_size=200), st.text(max_size=40))
def test_any_bytes_are_some_text(body: bytes, content_type: str) -> None:
    assert isinstance(decode(body, content_type), str)


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<a>R&D &eacute;t&eacute; &nbsp;&amp; &lt;</a>", "R&D été \xa0& <"),
        ("<a>&inconnu; &#0; &#x1F; &#xD800; &#99999999; &#146;</a>", "&inconnu;     \x92"),
        ("<a>x\x00y\x1fz\ufffe</a>", "xyz"),
        ("\n\n <?xml version='1.0' encoding='utf-16'?>\n<a>é</a>", "é"),
        ("Warning: x\n<a>é</a>", "é"),
        ("<!-- é --><!DOCTYPE a PUBLIC 'x' 'http://a.fr/x.dtd'><a>é</a>", "é"),
        ("<!DOCTYPE a [<!ENTITY e 'boum'><!ENTITY f SYSTEM 'file:///etc/passwd'>]><a>&e; &f;</a>", "&e; &f;"),
        ("<a><![CDATA[R&D <!DOCTYPE html> &eacute; <b>]]></a>", "R&D <!DOCTYPE html> &eacute; <b>"),
    ],
)
def test_a_mended_document_is_read_by_a_strict_parser(xml: str, text: str) -> None:
    assert etree.fromstring(mend_xml(xml)).text == text


def test_a_fault_keeps_its_line() -> None:
    with pytest.raises(etree.XMLSyntaxError) as fault:
        etree.fromstring(mend_xml("\n<?xml version='1.0'?>\n<!DOCTYPE a [\n]>\n<a>\n<b></a>"))
    assert fault.value.lineno == 6


@given(st.text())
def test_any_text_can_be_mended(text: str) -> None:
    mended = mend_xml(text)
    assert "\x00" not in mended
    mended.encode()
