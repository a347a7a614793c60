"""The back end of a dry run: reads what is there, and says that everything was done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.sync.doors import Hub
from bot.sync.model import Unknown
from bot.sync.state import Action, Ahead, BranchState, Done, Overview


@dataclass(frozen=True, slots=True)
class DryHub:
    """Implements `Hub` on another one, of which it only ever reads."""

    hub: Hub

    def overview(self) -> Overview | Unknown:
        """As the other one."""
        return self.hub.overview()

    def branches(self, wanted: Mapping[str, Sequence[str]], base: str) -> Mapping[str, BranchState] | Unknown:
        """As the other one."""
        return self.hub.branches(wanted, base)

    def ahead(self, base: str, head: str) -> Ahead | Unknown:
        """As the other one."""
        return self.hub.ahead(base, head)

    def hands_off_said(self, number: int) -> bool | Unknown:
        """As the other one."""
        return self.hub.hands_off_said(number)

    def perform(self, action: Action) -> Done | Unknown:
        """Done, without anything being done."""
        return Done()
