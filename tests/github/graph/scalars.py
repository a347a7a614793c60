"""GitHub's scalars, checked in both directions: GraphQL itself does not know what they look like."""

import re
from collections.abc import Callable

from graphql import GraphQLError, GraphQLScalarType, GraphQLSchema

_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?"
FORMS = {
    "Base64String": re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"),
    "DateTime": re.compile(_TIME + "Z"),
    "GitObjectID": re.compile("[0-9a-f]{40}"),
    "GitRefname": re.compile(r"refs/[^\s~^:?*\[\\]+"),
    "GitTimestamp": re.compile(_TIME + r"(Z|[+-]\d\d:\d\d)"),
    "URI": re.compile(r"https?://\S+"),
}


def check_scalars(schema: GraphQLSchema) -> None:
    """Makes each scalar refuse what does not look like it. Raises LookupError for one that is not known here."""
    for name, kind in schema.type_map.items():
        if isinstance(kind, GraphQLScalarType) and name not in ("Boolean", "Float", "ID", "Int", "String"):
            if name not in FORMS:
                raise LookupError(f"what a {name} looks like is not written down")
            # A type that is made from text has no other way in, hence the comments for mypy.
            checked = _checker(name, FORMS[name])
            kind.serialize = kind.coerce_output_value = checked  # type: ignore[assignment, method-assign]
            kind.parse_value = kind.coerce_input_value = checked  # type: ignore[assignment, method-assign]


def _checker(name: str, form: re.Pattern[str]) -> Callable[[object], str]:
    def checked(value: object) -> str:
        if isinstance(value, str) and form.fullmatch(value):
            return value
        raise GraphQLError(f"{name} cannot represent {value!r}")

    return checked
