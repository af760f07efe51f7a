"""Customers and products of a file found among those that exist; near ones suggested, none made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar

from chemsales.exchange.cells import missing, shown, text_of
from chemsales.exchange.model import CustomerRef, ProductRef
from chemsales.exchange.tables import Raw
from chemsales.rules.customer import CustomerStatus
from chemsales.rules.errors import Reason, term
from chemsales.rules.identifiers import normalise
from chemsales.rules.names import KnownNames, name_key

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")


class Finding(NamedTuple):
    """What is wrong with one cell of a row: the field that it was read for, and the reason."""

    field: str
    reason: Reason
    warning: bool = False


class Remembered(dict[K, V]):
    """Answers by question, each worked out once: a file asks the same of many rows."""

    def __init__(self, answer: Callable[[K], V]) -> None:
        super().__init__()
        self._answer = answer

    def __missing__(self, key: K) -> V:
        found = self[key] = self._answer(key)
        return found


Found = tuple[T | None, tuple[Finding, ...]]


class Customers:
    """The customers, found by code, unified code or exact name (width, case and blanks aside)."""

    def __init__(self, customers: Iterable[CustomerRef]) -> None:
        self._all = tuple(customers)
        self._by_code = {name_key(ref.code): ref for ref in self._all}
        self._by_uscc = {ref.uscc: ref for ref in self._all if ref.uscc}
        self._by_name: dict[str, list[CustomerRef]] = defaultdict(list)
        for ref in self._all:
            self._by_name[name_key(ref.name)].append(ref)
        self._known: KnownNames | None = None
        self.found = Remembered(self._find)
        for named in self._by_name.values():
            for ref in named:  # as most files write them
                answer = (ref, self._remarks(ref))
                self.found[ref.name, ref.code, ""] = answer
                if len(named) == 1:
                    self.found[ref.name, "", ""] = answer

    def existing(self, name: str, uscc: str) -> CustomerRef | None:
        """The customer that has this unified code, else one of exactly this name."""
        by_uscc = self._by_uscc.get(normalise(uscc)) if uscc else None
        return by_uscc or next(iter(self._by_name.get(name_key(name), [])), None)

    def _find(self, cells: tuple[Raw, Raw, Raw]) -> Found[CustomerRef]:
        """The customer that the cells (name, code, unified code) mean, and what is wrong."""
        name, code, uscc = map(text_of, cells)
        if not (name or code or uscc):
            return None, (Finding("customer_name", missing()),)
        by_code = self._by_code.get(name_key(code)) if code else None
        by_uscc = self._by_uscc.get(normalise(uscc)) if uscc else None
        named = self._by_name.get(name_key(name), []) if name else []
        for field, text, ref in (("customer_code", code, by_code), ("uscc", uscc, by_uscc)):
            if text and ref is None:
                return None, (self._unknown(field, text, name),)
        ref = by_code or by_uscc
        if ref is None:
            if len(named) == 1:
                return named[0], self._remarks(named[0])
            if not named:
                return None, (self._unknown("customer_name", name, name),)
            codes = "、".join(each.code for each in named)
            reason = Reason("reason.customer_ambiguous", {"text": shown(name), "codes": codes})
            return None, (Finding("customer_name", reason),)
        others = [each for each in (by_uscc, *named) if each is not None]
        if others and ref not in others:
            params = {"code": ref.code, "name": ref.name, "text": shown(name or uscc)}
            return None, (
                Finding("customer_name", Reason("reason.customer_contradiction", params)),
            )
        return ref, (*self._name_differs(ref, name, bool(named)), *self._remarks(ref))

    def _name_differs(self, ref: CustomerRef, name: str, exact: bool) -> tuple[Finding, ...]:
        known = {name_key(other) for other in ref.other_names}
        if exact or not name or name_key(name) in known:
            return ()
        params = {"text": shown(name), "code": ref.code, "name": ref.name}
        return (Finding("customer_name", Reason("reason.customer_name_differs", params), True),)

    def _remarks(self, ref: CustomerRef) -> tuple[Finding, ...]:
        if ref.status == CustomerStatus.ACCREDITED:
            return ()
        params = {"name": ref.name, "status": term(CustomerStatus(ref.status))}
        return (
            Finding("customer_name", Reason("reason.customer_standing", params, "C15.2"), True),
        )

    def _unknown(self, field: str, text: str, name: str) -> Finding:
        """An unknown customer, with the one that may be meant; a file never makes a customer."""
        if self._known is None:
            self._known = KnownNames(
                (known, place)
                for place, ref in enumerate(self._all)
                for known in (ref.name, *ref.other_names)
            )
        same, near = self._known.lookalike(name), self._known.near(name)
        place = same if same is not None else near
        if place is None:
            reason = Reason("reason.customer_not_accredited", {"text": shown(text)}, "C7.2")
            return Finding(field, reason)
        ref = self._all[place]
        params = {"text": shown(text), "name": ref.name, "code": ref.code}
        known = {name_key(each) for each in (ref.name, *ref.other_names)}
        if same is not None and field == "customer_name" and name_key(name) not in known:
            return Finding(field, Reason("reason.customer_lookalike", params, "C7.2"))
        return Finding(field, Reason("reason.customer_near", params, "C7.2"))


class Products:
    """The products, found by code or by the exact name in either language."""

    def __init__(self, products: Iterable[ProductRef]) -> None:
        self._all = tuple(products)
        self._by_code = {name_key(ref.code): ref for ref in self._all}
        self._by_name: dict[str, list[ProductRef]] = defaultdict(list)
        for ref in self._all:
            for name in {name_key(text) for text in (ref.name, ref.name_en, ref.code) if text}:
                self._by_name[name].append(ref)
        self._known = KnownNames((ref.name, place) for place, ref in enumerate(self._all))
        self.found = Remembered(self._find)

    def _find(self, cells: tuple[Raw, Raw]) -> Found[ProductRef]:
        """The product that the cells (name, code) mean, and what is wrong."""
        name, code = map(text_of, cells)
        if not (name or code):
            return None, (Finding("product_name", missing()),)
        named = self._by_name.get(name_key(name), []) if name else []
        ref = self._by_code.get(name_key(code)) if code else None
        if ref is None and not code and len(named) == 1:
            ref = named[0]
        if ref is None:
            return None, (self._unknown(name, code),)
        if named and ref not in named:
            params = {"code": ref.code, "name": ref.name, "text": shown(name)}
            return None, (Finding("product_name", Reason("reason.product_contradiction", params)),)
        if not ref.active:
            return ref, (
                Finding(
                    "product_name", Reason("reason.product_inactive", {"name": ref.name}), True
                ),
            )
        return ref, ()

    def _unknown(self, name: str, code: str) -> Finding:
        field, text = ("product_code", code) if code else ("product_name", name)
        near = self._known.near(name) if name else None
        if near is None:
            return Finding(field, Reason("reason.product_not_found", {"text": shown(text)}))
        ref = self._all[near]
        params = {"text": shown(text), "name": ref.name, "code": ref.code}
        return Finding(field, Reason("reason.product_near", params))
