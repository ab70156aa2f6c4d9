"""Promises 1, 3 and 4, as far as addresses alone decide."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from yarl import URL

from club.news import SourceTrouble
from club.texts import Texts
from connectors.address import MAX_LENGTH, Allowed, check_url, is_public

PRIVATE = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.168.1.1",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::10.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "64:ff9b:1::808:808",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2002:c0a8:101::",
    "2001:0:7f00:1::1",
    "2001:0:808:808::f7f7:f7f7",
    "2001:db8::1",
    "fc00::1",
    "fd12::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "100::1",
    "4000::1",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "90.90.90.90",
    "2606:4700::1111",
    "2a00:1450:4007::200e",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
]

HIDDEN = [  # networks whose addresses stand for an IPv4 one, and where it is
    ("::ffff:0:0/96", 0),
    ("::/96", 0),
    ("64:ff9b::/96", 0),
    ("64:ff9b:1::/96", 0),
    ("2002::/16", 80),
]


def verdict(url: str) -> str:
    """The address as it will be visited, or the key of the refusal, whose text must exist."""
    try:
        return check_url(url)
    except SourceTrouble as trouble:
        assert trouble.blocked
        assert Texts().plain(trouble.key, **trouble.values).startswith("Adresse refusée")
        return trouble.key


@pytest.mark.parametrize("text", PRIVATE)
def test_private_in_every_form(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_public(text: str) -> None:
    assert is_public(ip_address(text))


addresses = st.one_of(
    st.ip_addresses(v=4),
    st.ip_addresses(v=6),
    st.builds(
        lambda place, v4: IPv6Address(int(ip_network(place[0]).network_address) | int(v4) << place[1]),
        st.sampled_from(HIDDEN),
        st.ip_addresses(v=4),
    ),
)


@given(addresses)
def test_what_is_accepted_is_global_and_hides_nothing(ip: IPv4Address | IPv6Address) -> None:
    assert is_public(ip_address(str(ip))) == is_public(ip)
    if not is_public(ip):
        return
    assert ip.is_global and not ip.is_multicast
    for network, shift in HIDDEN:
        if ip in ip_network(network):
            inside = IPv4Address(int(ip) >> shift & 0xFFFF_FFFF)
            assert inside.is_global and not inside.is_multicast


@pytest.mark.parametrize(
    ("written", "visited"),
    [
        ("https://www.cerema.fr/fr/rss.xml", "https://www.cerema.fr/fr/rss.xml"),
        ("  HTTP://Exemple.FR:80  ", "http://exemple.fr/"),
        ("https://exemple.fr:443/a?b=c#d", "https://exemple.fr/a?b=c"),
        ("https://exemple.fr:8443/?a[]=1&b=%20%2F~", "https://exemple.fr:8443/?a[]=1&b=%20%2F~"),
        ("https://écoquartier.fr/actualités?q=été", "https://xn--coquartier-96a.fr/actualit%C3%A9s?q=%C3%A9t%C3%A9"),
        ("https://exemple.fr/a b", "https://exemple.fr/a%20b"),
        ("https://exemple.fr/\udce9t\udce9", "https://exemple.fr/%E9t%E9"),
        ("http://exemple\u3002fr/", "http://exemple.fr/"),
        ("http://[2606:4700:0:0::1111]:8080/", "http://[2606:4700::1111]:8080/"),
        ("http://１２７.0.0.1/", "http://127.0.0.1/"),  # refused when dialled, as any private address
        ("http://mon_site.exemple.fr/", "http://mon_site.exemple.fr/"),
    ],
)
def test_the_address_that_is_visited(written: str, visited: str) -> None:
    assert verdict(written) == visited


@pytest.mark.parametrize(
    ("written", "key"),
    [
        *((url, "trouble-scheme") for url in ("ftp://exemple.fr/", "file:///etc/passwd", "data:text/xml,<rss/>")),
        *((url, "trouble-scheme") for url in ("gopher://exemple.fr/", "/etc/passwd", "<rss></rss>", "", "exemple.fr")),
        ("javascript:alert(1)", "trouble-scheme"),
        ("http://user@exemple.fr/", "trouble-url-user"),
        ("http://a:b@exemple.fr/", "trouble-url-user"),
        ("http://@exemple.fr/", "trouble-url-user"),
        ("http://bon.fr\\@mauvais.fr/", "trouble-url-user"),
        *((f"http://{host}/", "trouble-address") for host in ("2130706433", "0x7f.1", "127.1", "0177.0.0.1")),
        *((f"http://{host}/", "trouble-address") for host in ("127.0.0.01", "0x7f000001", "127.0.0.1.", "1.2.3.4.5")),
        *((f"http://{host}/", "trouble-url") for host in ("", "a..b", ".a", "a b", "-a.fr", "a%2e.fr", "a" * 64, "*")),
        *((f"http://{host}/", "trouble-url") for host in ("[::1", "[fe80::1%25eth0]", "[exemple.fr]", "bon.fr\\.fr")),
        ("http://exemple.fr:0/", "trouble-url"),
        ("http://exemple.fr:65536/", "trouble-url"),
        ("http://exemple.fr:x/", "trouble-url"),
        ("http://exemple.fr/\ud800", "trouble-url"),
        ("http://exem\nple.fr/", "trouble-url"),
        ("http://exemple.fr/\x00", "trouble-url"),
        ("http:///chemin", "trouble-url"),
        ("http://exemple.fr/" + "a" * MAX_LENGTH, "trouble-url-long"),
        ("http://exemple.fr/" + "é" * 1000, "trouble-url-long"),
    ],
)
def test_refused(written: str, key: str) -> None:
    assert verdict(written) == key


odd = st.text(st.sampled_from(":/\\@[]%?#.&;0x17aé。１ \t\n\x00\ud800\udce9"), max_size=12)
urls = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["http://", "HTTPS://", "http:/", "//", "ftp://", "http:", ""]),
        st.one_of(odd, st.text(max_size=12), addresses.map(str), addresses.map(lambda ip: f"[{ip}]")),
        st.sampled_from(["", ":80", ":443", ":0", ":99999", ":", ":é"]),
        st.one_of(odd, st.text(max_size=12)),
    ),
)


@given(urls)
@example("http://[::ffff:127.0.0.1]:80/")
def test_any_text_is_refused_or_becomes_an_address_that_stays_the_same(written: str) -> None:
    url = verdict(written)
    if url.startswith("trouble-"):
        return
    assert verdict(url) == url
    assert url.isascii() and len(url) <= MAX_LENGTH
    ours, theirs = urlsplit(url), URL(url, encoded=True)  # yarl is who dials
    assert ours.scheme == theirs.scheme and ours.scheme in ("http", "https")
    assert ours.hostname == theirs.raw_host and ours.hostname
    assert (ours.port or {"http": 80, "https": 443}[ours.scheme]) == theirs.port
    assert theirs.user is None and theirs.password is None


def test_allow_list_is_exact() -> None:
    allowed = Allowed.parse(["127.0.0.1:8080", "[::1]:80", "Partenaire.test:9000", "\u00e9co.test:1"])

    def permits(name: str, ip: str, port: int) -> bool:
        return allowed.permits(name, ip_address(ip), port)

    assert permits("127.0.0.1", "127.0.0.1", 8080) and permits("nom.test", "127.0.0.1", 8080)
    assert not permits("127.0.0.1", "127.0.0.1", 8081)
    assert not permits("127.0.0.2", "127.0.0.2", 8080)
    assert not permits("::1", "::1", 8080)
    assert permits("::1", "::1", 80)
    assert not permits("x", "::ffff:127.0.0.1", 8080)
    assert permits("partenaire.test", "10.0.0.7", 9000) and permits("partenaire.test.", "127.0.0.1", 9000)
    assert not permits("autre.test", "10.0.0.7", 9000)
    assert not permits("partenaire.test", "10.0.0.7", 9001)
    assert permits("xn--co-9ia.test", "10.0.0.7", 1)


@pytest.mark.parametrize(
    "entry", ["127.0.0.1", "exemple.fr", ":80", "a b:80", "a:0", "a:99999", "a:80/x", "u@a:80", "2130706433:80"]
)
def test_an_entry_that_cannot_be_read(entry: str) -> None:
    with pytest.raises(ValueError, match=r".") as fault:
        Allowed.parse(["127.0.0.1:80", entry])
    assert fault.value.args == (entry,)
