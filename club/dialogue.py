"""What is said: a Request comes in, a Message goes out, whatever the network."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar, cast
from zoneinfo import ZoneInfo

from club.filename import file_name
from club.markup import Line, Span
from club.people import Person, Place, Role
from club.visible import is_visible

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Kind(StrEnum):
    """What a field looks like where there are real forms."""

    LINE = "line"
    PARAGRAPH = "paragraph"
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"  # a whole one
    YES_NO = "yes-no"  # with the list of choices of that name
    MOMENT = "moment"
    FILE = "file"


YES, NO = "yes", "no"  # the codes of the list « yes-no »

ATTACHED, MOST_ATTACHED = 2**20, 10  # bytes of all the attachments of a message, and how many it may bear
_KIND = re.compile(r"[a-z0-9][a-z0-9.+-]*/[a-z0-9][a-z0-9.+-]*")
PICTURES = ("image/png", "image/jpeg", "image/webp")  # what every network draws


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a value needs to know: « 15 avril » has no year, « 9h30 » has no zone."""

    now: datetime
    zone: str = "Europe/Paris"

    @property
    def today(self) -> date:
        """The day that it is there."""
        return self.now.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible value, how it is shown (`76` as « Occitanie ») and what else people type for it; `number`: the
    number that means it, where numbers have a meaning of their own (19 is « Eau »)."""

    value: str
    label: str
    aliases: tuple[str, ...] = ()
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Field(Generic[T_co]):
    """One value to be given. Its label and question are the texts `field-<name>` and `field-<name>.ask`.

    `read` turns what was typed or chosen into the value, or raises Refused with the reason to show.
    `choices` names a list that the router asks of the feature; "" = free. `no_number`: where its
    choices have numbers, the text key of the refusal of another. `suggests` names a list whose values are proposed
    while one types, where the network can; anything else may be typed. `beyond` names a list of what there is and
    is not for everyone: `field-<name>.beyond` says so of one that is not among the choices.
    """

    name: str
    read: Callable[[str, Reading], T_co]
    kind: Kind = Kind.LINE
    choices: str = ""
    required: bool = True
    no_number: str = "field-unknown-choice"
    suggests: str = ""
    beyond: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """What came in: a route and its values, a token that was pressed, or free words.

    The platform fills what it knows; the router opens the token, names the route, reads the values.
    `may_manage`: the person may manage this channel there; `missing_rights`: what the bot lacks there, as text keys.
    `granted`: the role that the configuration gives to who bears a role of that network.
    `named`: words that name the bot where others talk too, without that name.
    `partial`: the values are those of a form's first window; what it did not hold is asked next.
    `update` is the network's own id of this event ("" = none): the same one acts once (promise 33).
    """

    person: Person
    place: Place
    route: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
    token: str = ""
    private: bool = True
    named: bool = False
    may_manage: bool = False
    missing_rights: tuple[str, ...] = ()
    granted: Role = Role.VISITOR
    partial: bool = False
    ref: str = ""
    update: str = ""
    files: tuple[str, ...] = ()
    read: Mapping[str, object] = field(default_factory=dict)

    def __getitem__(self, wanted: Field[T]) -> T:
        return cast(T, self.read[wanted.name])

    def get(self, wanted: Field[T]) -> T | None:
        """The value, or None when it was not given."""
        return cast("T | None", self.read.get(wanted.name))


@dataclass(frozen=True, slots=True)
class Action:
    """A labelled choice that comes back as a Request. `token` is put by the router when the Message leaves."""

    label: str
    route: str
    values: Mapping[str, str] = field(default_factory=dict)
    token: str = ""
    chosen: bool = False  # a box that is ticked


@dataclass(frozen=True, slots=True)
class Blank:
    """One field as a real form shows it: label, help, choices, what was given so far and what is wrong with it."""

    name: str
    kind: Kind
    label: str
    help: str = ""
    choices: tuple[Choice, ...] = ()
    required: bool = True
    value: str = ""
    fault: str = ""
    fixed: bool = False  # its choices are the same for everyone, as long as the program runs
    bounds: tuple[int, int] = (0, 0)  # characters: at least, at most; 0 = as many as the network takes
    suggested: bool = False  # values are proposed while one types


@dataclass(frozen=True, slots=True)
class Form:
    """What is still missing, for platforms that have real forms. Comes back as a Request with `token` and values
    by field name; several choices are separated by commas. Never stored (choice C8).

    `at` is the blank that is asked now.
    """

    title: str
    blanks: tuple[Blank, ...]
    send: str  # label of the button
    action: Action
    at: int = 0


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A form to open below an answer: the route that it fills, and the values known so far as a draft keeps them (codes
    for choices). With `review` it opens on its preview, where what is missing is marked; else on its first question."""

    route: str
    values: Mapping[str, str] = field(default_factory=dict)
    review: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file, or a picture, that a Message carries. `name` is made one that any computer takes; `kind` is its media
    type; `alt` says a picture in words, for who does not see it and where it cannot be shown.

    Raises ValueError for what is no media type, and for a picture without words.
    """

    name: str
    kind: str
    data: bytes = field(repr=False)
    alt: str = ""

    def __post_init__(self) -> None:
        if not _KIND.fullmatch(self.kind):
            raise ValueError(f"no media type: {self.kind!r}")
        if self.kind.startswith("image/") and not is_visible(self.alt):
            raise ValueError("a picture is said in words too")
        object.__setattr__(self, "name", file_name(self.name))

    @property
    def is_picture(self) -> bool:
        """Whether it is drawn where it stands; any other file is to be opened."""
        return self.kind in PICTURES


Shown = Callable[[Place, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out: lines, actions, perhaps a form. Complete without actions and form being drawn natively.

    `again` shows the same message anew: what a network turns the pages of a long list with, or opens the form with
    later. `bare`: the network refused the message as it was drawn, so it goes out as plain text and nothing else
    (promise 28). `errand`: the number of the errand whose result will take its place, 0 = none; `shown` is then told
    where an answer was shown and under which reference. `chooser`: the number of the draft whose question it is, when
    choosing answers it, 0 = none. `follow_up`: the form that the router opens below. None of these is stored.
    `attachments`: ten at most, a mebibyte in all; ValueError beyond.
    """

    lines: tuple[Line, ...]
    actions: tuple[Action, ...] = ()
    form: Form | None = None
    private: bool = False
    in_place: bool = False
    again: Action | None = None
    bare: bool = False
    errand: int = 0
    chooser: int = 0
    follow_up: FollowUp | None = None
    shown: Shown | None = field(default=None, compare=False, repr=False)
    attachments: tuple[Attachment, ...] = ()

    def __post_init__(self) -> None:
        if len(self.attachments) > MOST_ATTACHED or sum(len(one.data) for one in self.attachments) > ATTACHED:
            raise ValueError("more attachments than a message may bear")

    def offering(self, *actions: Action) -> Message:
        """The same with these actions added."""
        return replace(self, actions=self.actions + actions)

    def adding(self, lines: Sequence[Line]) -> Message:
        """The same with these lines below."""
        return replace(self, lines=self.lines + tuple(lines))

    def bearing(self, *attachments: Attachment) -> Message:
        """The same with these attachments added."""
        return replace(self, attachments=self.attachments + attachments)

    def privately(self) -> Message:
        """The same, for this person's eyes."""
        return replace(self, private=True)

    def replacing(self) -> Message:
        """The same, in place of the message whose button was pressed."""
        return replace(self, in_place=True)

    def is_box(self, action: Action) -> bool:
        """Whether this action of it is a box: ticked, or among ticked ones (same route, same names of values)."""
        alike = (one for one in self.actions if one.route == action.route and one.values.keys() == action.values.keys())
        return any(one.chosen for one in alike)

    def to_json(self) -> dict[str, Any]:
        """As stored; a form has no meaning later, so a Message with one is refused."""
        if self.form is not None:
            raise ValueError("a stored message carries no form")
        return {
            "lines": [[[s.text, s.bold, s.link] for s in line] for line in self.lines],
            "actions": [[a.label, a.route, dict(a.values), a.chosen] for a in self.actions],
            "private": self.private,
            "in_place": self.in_place,
            "attachments": [[a.name, a.kind, b64encode(a.data).decode(), a.alt] for a in self.attachments],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Message:
        """The Message that `to_json` gave."""
        return cls(
            lines=tuple(tuple(Span(text, bold, link) for text, bold, link in line) for line in stored["lines"]),
            actions=tuple(
                Action(label, route, values, chosen=chosen) for label, route, values, chosen in stored["actions"]
            ),
            private=stored["private"],
            in_place=stored["in_place"],
            attachments=tuple(
                Attachment(name, kind, b64decode(data, validate=True), alt)
                for name, kind, data, alt in stored.get("attachments", ())
            ),
        )


@dataclass(frozen=True, slots=True)
class Letter:
    """A Message with an address, for the outbox. Equal keys are one letter; keys hold row
    numbers only, never a platform's id (choice C25). Higher `priority` goes first between lanes.

    `edits`: the network's reference of the message whose place it takes there; where that cannot be done it is a new
    message in `instead`, None = nothing is said.
    """

    key: str
    place: Place
    message: Message
    due_at: datetime
    priority: int = 0
    subscription: int | None = None
    edits: str = ""
    instead: Place | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """A command people type, as a platform's menu shows it."""

    name: str  # « digest apercu »
    summary: str
    fields: tuple[Blank, ...] = ()
    role: int = 0
    aliases: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        """`/abonner [thème] [région]`."""
        return " ".join((f"/{self.name}", *(f"[{blank.label.lower()}]" for blank in self.fields)))
