"""One connection to GitHub, by PyGithub, under one policy."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from github.Auth import Token
from github.Repository import Repository
from github.Requester import HTTPRequestsConnectionClass, HTTPSRequestsConnectionClass, Requester

from bot.errors import UsageError
from bot.outside.github.answer import Node, node_of
from bot.outside.github.failures import Refused, Unanswered
from bot.outside.github.pace import Pace
from bot.outside.github.policy import Policy, Service
from bot.outside.github.reply import Reply, Wrong

__all__ = ["Answer", "Pace", "Session"]

PAGE = 100
"""Most that GitHub lists at once."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What GraphQL says; where there are errors, parts of the data are missing."""

    data: Node
    errors: tuple[Wrong, ...]


class _Requester(Requester):
    """PyGithub's own way to GitHub, held to our policy.

    All that PyGithub asks passes through requestJson. Its retries are switched off: they would send a write again that
    may have taken effect, and know nothing of limits that GraphQL tells of by status 200.
    """

    def __init__(self, token: str | None, url: str, policy: Policy) -> None:
        super().__init__(
            auth=Token(token) if token else None,
            base_url=url,
            timeout=policy.pace.timeout,
            user_agent="exporterhub",
            per_page=PAGE,
            verify=True,
            retry=0,
            pool_size=None,
            lazy=True,
            api_version="2022-11-28",
        )
        self._policy = policy

    def requestJson(  # noqa: N802 - PyGithub's name
        self,
        verb: str,
        url: str,
        parameters: dict[str, Any] | None = None,
        headers: dict[str, Any] | None = None,
        input: Any | None = None,  # noqa: A002 - PyGithub's name
        cnx: HTTPRequestsConnectionClass | HTTPSRequestsConnectionClass | None = None,
        follow_302_redirect: bool = False,
    ) -> tuple[int, dict[str, Any], str]:
        """Raises Refused and Unanswered, and none of PyGithub's exceptions."""
        ask = super().requestJson

        def send() -> Reply:
            return Reply.of(*ask(verb, url, parameters, headers, input, cnx, follow_302_redirect))

        reply = self._policy.carry_out(Service.REST, send, write=verb != "GET", tries=self._policy.pace.tries)
        return reply.status, dict(reply.headers), reply.text

    def graphql(
        self, text: str, variables: Mapping[str, object], *, write: bool, tries: int, whole: bool = False
    ) -> Reply:
        """A query or a mutation."""
        ask = super().requestJson
        content = {"query": text, "variables": dict(variables)}

        def send() -> Reply:
            return Reply.of(*ask("POST", self.graphql_url, input=content))

        return self._policy.carry_out(Service.GRAPHQL, send, write=write, tries=tries, whole=whole)


class Session:
    """Asks GitHub one thing at a time. Every method raises Refused and Unanswered."""

    def __init__(self, token: str | None, url: str, pace: Pace) -> None:
        """`url` is REST's, such as https://api.github.com. Raises UsageError for what is no URL, or no token."""
        if not url.startswith(("https://", "http://")):
            raise UsageError(f'"{url}" is not the URL of an API', "write it as https://api.github.com")
        if token and not (token.isascii() and token.isprintable() and " " not in token):
            raise UsageError("the token holds characters that no token has", "set it again, without line breaks")
        # PyGithub prints every redirection to stderr.
        logging.getLogger("github").setLevel(logging.WARNING)
        self.pace = pace
        policy = Policy(pace, pace.reserve if token else pace.anonymous_reserve)
        self.requester = _Requester(token, url, policy)

    def repository(self, name: str) -> Repository:
        """OWNER/NAME, for what REST can do with it; nothing is asked yet."""
        return Repository(self.requester, url=f"/repos/{name}")

    def query(self, text: str, variables: Mapping[str, object], *, tries: int | None = None) -> Answer:
        """What GraphQL says, complete or not. Asked once where `tries` is 1."""
        reply = self.requester.graphql(text, variables, write=False, tries=tries or self.pace.tries)
        return Answer(_data(reply), reply.wrong())

    def ask(self, text: str, variables: Mapping[str, object], *, tries: int | None = None) -> Node:
        """What GraphQL says, all of it. Raises Refused where parts stay away however often it is asked."""
        reply = self.requester.graphql(text, variables, write=False, tries=tries or self.pace.tries, whole=True)
        for error in reply.wrong():
            raise Refused(200, error.kind, error.message)
        return _data(reply)

    def mutate(self, name: str, arguments: Mapping[str, object], output: str) -> Node:
        """What a mutation returns. Raises Refused where GraphQL says why it did not take effect."""
        kind = f"{name[0].upper()}{name[1:]}Input"
        text = f"mutation($input: {kind}!) {{ {name}(input: $input) {{ {output} }} }}"
        reply = self.requester.graphql(text, {"input": arguments}, write=True, tries=1)
        for error in reply.wrong():
            if error.kind:
                raise Refused(200, error.kind, error.message)
            raise Unanswered(f"{error.message}; nobody can say whether it took effect")
        return _data(reply).node(name)


def _data(reply: Reply) -> Node:
    return node_of((reply.fields or {}).get("data"), "data")
