"""Asking for what is missing: one question at a time and one form for all, kept as a draft, with a preview."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from zlib import crc32

from bot.feature import Desk, Lister, Route
from bot.fields import bounds
from bot.talk.choices import Values, codes
from club.dialogue import Action, Blank, Field, FollowUp, Form, Kind, Message, Request
from club.fold import fold
from club.markup import Line
from club.refusal import Refused
from storage.drafts import Draft


@dataclass(frozen=True, slots=True)
class DraftButton:
    """Where a draft's button stands: the draft, the step that it was drawn at, and what it is about (a choice, a step,
    the stamp of a preview)."""

    draft: int
    step: int = 0
    detail: str = ""

    @property
    def written(self) -> str:
        """As a button's value says it: `12.3.76`."""
        return f"{self.draft}.{self.step}" + (f".{self.detail}" if self.detail else "")

    @classmethod
    def read(cls, written: str) -> DraftButton:
        """What `written` gave; the value was sealed, so nobody else wrote it."""
        draft, _, rest = written.partition(".")
        step, _, detail = rest.partition(".")
        return cls(int(draft), int(step or 0), detail)


@dataclass(frozen=True, slots=True)
class Asking:
    """One draft being filled: its route, its desk, its values."""

    route: Route
    draft: Draft
    request: Request
    desk: Desk
    values: Values

    def field(self, step: int) -> Field[object]:
        """The field asked at that step."""
        name = self.draft.asked[step]
        return next(field for field in self.route.fields if field.name == name)

    @property
    def is_asked(self) -> bool:
        """True while a question is open; then comes the preview."""
        return self.draft.step < len(self.draft.asked)

    async def show(self, refusal: Refused | None = None) -> Message:
        """The question of the current step, or the preview; with the reason when the last answer was refused."""
        return await (self._question(refusal) if self.is_asked else self._preview(refusal))

    def said(self, words: str) -> str:
        """What answers the open question: handles of what was attached where a file is asked for, else the words."""
        files = self.request.files
        if self.field(self.draft.step).kind is Kind.FILE:
            if not files:
                raise Refused("field-file-wanted")
            return ",".join(files)
        if files and not words:
            raise Refused("field-no-file")
        return words

    async def answer(self, typed: str) -> Asking:
        """The draft with the current question answered in words; raises Refused when they cannot be read."""
        return await self.take(await self.values.settle(self.field(self.draft.step), typed, typed=True))

    async def take(self, settled: str) -> Asking:
        """The draft with this value for the current question; raises Refused when it is not one."""
        field = self.field(self.draft.step)
        if not settled.strip():
            return self.skip()
        await self.values.read(field, settled)
        return self._next({field.name: settled})

    async def keep(self) -> Asking:
        """The draft with the current question answered by what was given, or ticked, before."""
        field = self.field(self.draft.step)
        kept = ",".join(await self._ticked(field)) if field.choices else self.draft.given.get(field.name, "")
        return await self.take(kept)

    async def toggle(self, code: str) -> Asking:
        """The draft with one of several choices ticked or unticked; raises Refused when it is not offered."""
        field = self.field(self.draft.step)
        await self.values.check(field, code)
        ticked = await self._ticked(field)
        ticked = [part for part in ticked if part != code] if code in ticked else [*ticked, code]
        return self._with({field.name: ",".join(ticked)}, self.draft.step)

    async def press(self, name: str, detail: str) -> Asking:
        """The draft after its button of that route was pressed."""
        match name:
            case "draft.go":
                return self.at(int(detail))
            case "draft.skip":
                return self.skip()
            case "draft.done":
                return await self.keep()
            case "draft.choose" if self.field(self.draft.step).kind is Kind.CHOICES:
                return await self.toggle(detail)
            case "draft.choose":
                return await self.take(detail)
            case _:  # Valider on a preview that was left meanwhile: it is shown again as it is now
                return self

    async def _ticked(self, field: Field[object]) -> list[str]:
        """What was chosen and is still offered."""
        offered = {choice.value for choice in await self.values.choices(field)}
        return [code for code in codes(field, self.draft.given.get(field.name, "")) if code in offered]

    def skip(self) -> Asking:
        """The draft with the current question left out; raises Refused when it must be answered."""
        field = self.field(self.draft.step)
        if field.required:
            raise Refused("field-empty")
        return self._next({field.name: ""})

    def at(self, step: int) -> Asking:
        """The draft at another question."""
        return self._with({}, min(max(step, 0), len(self.draft.asked)))

    async def fill(self, typed: Mapping[str, str], *, partial: bool = False) -> tuple[Asking, dict[str, Refused]]:
        """The draft with a form's values; those that cannot be read stay out, with the reason of each. Of a `partial`
        form, what was neither there nor given before is asked next."""
        given: dict[str, str] = {}
        faults: dict[str, Refused] = {}
        unseen: set[str] = set()
        for step in range(len(self.draft.asked)):
            field = self.field(step)
            if partial and field.name not in typed.keys() | self.draft.given.keys():
                unseen.add(field.name)
                continue
            raw = typed.get(field.name, self.draft.given.get(field.name, ""))
            try:
                if raw.strip():
                    given[field.name] = await self.values.settle(field, raw)
                    await self.values.read(field, given[field.name])
                elif field.required:
                    raise Refused("field-empty")
                elif partial:
                    given[field.name] = ""
            except Refused as refusal:
                faults[field.name] = refusal
                if not field.choices:  # text is corrected, a choice is made again
                    given[field.name] = raw
        kept = {name: value for name, value in self.draft.given.items() if name not in self.draft.asked}
        left = faults.keys() or unseen
        first = next((i for i, name in enumerate(self.draft.asked) if name in left), len(self.draft.asked))
        return replace(self, draft=replace(self.draft, given=kept | given, step=first)), faults

    def _next(self, given: Mapping[str, str]) -> Asking:
        """The draft with this answer, at the next question that has none: one answer is corrected in one step."""
        known = self.draft.given.keys() | given.keys()
        later = range(self.draft.step + 1, len(self.draft.asked))
        return self._with(given, next((i for i in later if self.draft.asked[i] not in known), len(self.draft.asked)))

    def _with(self, given: Mapping[str, str], step: int) -> Asking:
        return replace(self, draft=replace(self.draft, given={**self.draft.given, **given}, step=step))

    # What is shown

    async def _question(self, refusal: Refused | None) -> Message:
        field = self.field(self.draft.step)
        texts = self.desk.texts
        # The draft moves at each press, so an edited answer shows a step of the form fixed at its start (choice A15).
        lines: list[Line] = [*self._refusal(refusal)]
        if len(self.draft.asked) > 1:
            lines += texts.lines("form-step", step=self.draft.step + 1, steps=len(self.draft.asked))
        lines += texts.lines(f"field-{field.name}.ask")
        given = self.draft.given.get(field.name, "")
        if given and refusal is None:
            lines += texts.lines("form-given", value=_short(await self.values.show(field, given)))
        ticked = await self._ticked(field)
        choices = [
            self._action(choice.label, "draft.choose", choice.value, chosen=choice.value in ticked)
            for choice in await self.values.choices(field)
        ]
        done = self._done(field) if ticked or given else []
        again = self._action("", "draft.go", str(self.draft.step))
        message = Message(tuple(lines), (*choices, *done, *self._ways(field)), again=again, chooser=self._chooser)
        return replace(message, form=await self._form({field.name: refusal} if refusal else {}))

    @property
    def _chooser(self) -> int:
        return self.draft.id if is_chooser(self.route, self.draft) else 0

    def _done(self, field: Field[object]) -> list[Action]:
        """Terminé for several choices, Garder for a text; one choice is kept by choosing it again."""
        if field.choices and field.kind is not Kind.CHOICES:
            return []
        return [self._action(self.desk.texts.plain("form-done" if field.choices else "form-keep"), "draft.done")]

    def _ways(self, field: Field[object]) -> list[Action]:
        """Retour, Passer, Annuler."""
        texts = self.desk.texts
        ways = []
        if self.draft.step > 0:
            ways.append(self._action(texts.plain("form-back"), "draft.go", str(self.draft.step - 1)))
        if not field.required:
            ways.append(self._action(texts.plain("form-skip"), "draft.skip"))
        return [*ways, self._action(texts.plain("form-cancel"), "draft.cancel")]

    def way(self, words: str) -> Action | None:
        """The button, choices aside, whose label these words are: it need not be pressed."""
        if self.is_asked:
            field = self.field(self.draft.step)
            ways = [*self._done(field), *self._ways(field)]
        else:
            ways = self._ends()
        return next((way for way in ways if fold(way.label) == fold(words[:100])), None)

    def resume(self) -> Action:
        """Back to the current question of a draft that was set aside."""
        title = self.desk.texts.plain(f"route-{key(self.route)}.title")
        return self._action(self.desk.texts.plain("form-resume", title=title), "draft.go", str(self.draft.step))

    async def form(self, faults: Mapping[str, Refused]) -> Message:
        """The question of the first faulty field, with all faults in the form."""
        message = await self._question(faults.get(self.draft.asked[self.draft.step]))
        return replace(message, form=await self._form(faults))

    async def _form(self, faults: Mapping[str, Refused]) -> Form:
        texts = self.desk.texts
        blanks = [await self._blank(self.field(step), faults) for step in range(len(self.draft.asked))]
        send = texts.plain("form-preview" if self.route.changes else "form-send")
        action = Action(send, "draft.fill", {"k": DraftButton(self.draft.id).written})
        title = texts.plain(f"route-{key(self.route)}.title")
        return Form(title, tuple(blanks), send, action, self.draft.step)

    async def _blank(self, field: Field[object], faults: Mapping[str, Refused]) -> Blank:
        texts = self.desk.texts
        refusal = faults.get(field.name)
        choices = await self.values.choices(field)
        return Blank(
            name=field.name,
            kind=field.kind,
            label=texts.plain(f"field-{field.name}"),
            help=texts.plain(f"field-{field.name}.ask"),
            choices=choices,
            required=field.required,
            value=self.draft.given.get(field.name, ""),
            fault=texts.plain(refusal.key, **refusal.values) if refusal else "",
            bounds=bounds(field),
        )

    async def _preview(self, refusal: Refused | None) -> Message:
        texts = self.desk.texts
        recap: list[Line] = []
        for field in self.route.fields:
            raw = self.draft.given.get(field.name, "")
            if f"field-{field.name}" not in texts:
                continue  # a button told it: people never see it
            if raw or field.name in self.draft.asked:
                left_out = texts.plain(_left_out(field))
                value = _short(await self.values.show(field, raw)) if raw else left_out
                recap.append(texts.line("form-recap", label=texts.plain(f"field-{field.name}"), value=value))
        shown = Message(())
        try:
            request = await self.complete()
            if self.route.preview is not None:
                shown = await self.route.preview(request, self.desk)
        except Refused as reason:  # it can still be changed
            refusal = refusal or reason
        lines = (*self._refusal(refusal), *texts.lines("form-check"), *recap, *shown.lines)
        return Message(lines, (*shown.actions, *self._ends()), chooser=self._chooser)

    @property
    def stamp(self) -> str:
        """Tells the answers that a preview showed from those that were changed since (CRC-32, eight digits)."""
        given = "\0".join(f"{name}\0{self.draft.given[name]}" for name in sorted(self.draft.given))
        return f"{crc32(given.encode()):08x}"

    def _ends(self) -> list[Action]:
        """Valider, Modifier, Annuler."""
        texts = self.desk.texts
        ends = [self._action(texts.plain("form-confirm"), "draft.confirm", self.stamp)]
        for step, name in enumerate(self.draft.asked):
            label = texts.plain("form-edit", label=texts.plain(f"field-{name}"))
            ends.append(self._action(label, "draft.go", str(step)))
        return [*ends, self._action(texts.plain("form-cancel"), "draft.cancel")]

    async def complete(self) -> Request:
        """The request with every given value read; raises Refused when one cannot be read any more."""
        read = {}
        for field in self.route.fields:
            raw = self.draft.given.get(field.name, "")
            if raw:
                read[field.name] = await self.values.read(field, raw)
            elif field.required:
                raise Refused("field-missing", label=self.desk.texts.plain(f"field-{field.name}"))
        return replace(self.request, route=self.route.name, values=self.draft.given, read=read)

    def _refusal(self, refusal: Refused | None) -> tuple[Line, ...]:
        return () if refusal is None else self.desk.texts.lines(refusal.key, **refusal.values)

    def _action(self, label: str, route: str, detail: str = "", *, chosen: bool = False) -> Action:
        """A button of this draft: it names draft, step and choice, never what people typed."""
        press = DraftButton(self.draft.id, self.draft.step, detail)
        return Action(label, route, {"k": press.written}, chosen=chosen)


async def begin(route: Route, wanted: FollowUp, request: Request, desk: Desk, lists: Mapping[str, Lister]) -> Asking:
    """A new draft of that route with what is known so far: at the preview, else at the first question that is not
    answered."""
    visible = [field for field in route.fields if f"field-{field.name}" in desk.texts]
    asked = tuple(field.name for field in visible if wanted.review or field.name not in wanted.values)
    given = dict(wanted.values)
    if wanted.review:
        given |= {field.name: "" for field in visible if not field.required and field.name not in given}
    draft = await desk.tx.drafts.begin(request.person.number, str(request.place), route.name, given, asked, desk.now)
    if wanted.review:
        draft = replace(draft, step=len(asked))
        await desk.tx.drafts.keep(draft, desk.now)
    return Asking(route, draft, request, desk, Values(request, desk, lists))


def is_chooser(route: Route, draft: Draft) -> bool:
    """Whether all its questions are answered by choosing."""
    return all(field.choices for field in route.fields if field.name in draft.asked)


def _left_out(field: Field[object]) -> str:
    if field.required:
        return "form-to-complete"
    return "form-none" if field.choices else "form-blank"


def _short(value: str) -> str:
    """A value in a recap: its first line, not too long."""
    first, *more = value.splitlines() or [""]
    return f"{first[:197]}…" if more or len(first) > 200 else first


def key(route: Route) -> str:
    """The route's name as text keys spell it."""
    return route.name.replace(".", "-")
