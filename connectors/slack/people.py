"""Know who pressed a button: the address of a member of our own workspace."""

from __future__ import annotations

from connectors.slack.client import SlackClient
from connectors.slack.models import Account, User
from domain.errors import Permanent

_MOST = 2000


class People:
    """Ask Slack once for everybody who presses a button."""

    def __init__(self, client: SlackClient) -> None:
        self._client = client
        self._emails: dict[str, str] = {}
        self._account: Account | None = None

    def email(self, user: str) -> str:
        """Return the address of the person. Raises `Permanent` for guests of another workspace and bots.

        https://docs.slack.dev/reference/objects/user-object
        """
        if user not in self._emails:
            if len(self._emails) >= _MOST:
                self._emails.clear()
            self._emails[user] = self._ask(user)
        return self._emails[user]

    def _ask(self, identity: str) -> str:
        user = self._client.user(identity)
        if user.deleted or user.is_bot or not self._ours(user):
            raise Permanent("You are not a member of this workspace", fix="ask the customer success manager to do it")
        if not user.profile.email:
            raise Permanent(
                "Slack does not say which e-mail address you have",
                why="the app lacks the scope users:read.email, or your profile has no address",
                fix="add the scope under OAuth & Permissions and install the app again",
            )
        return user.profile.email

    def _ours(self, user: User) -> bool:
        """Tell members from guests of a shared channel: an address proves nothing in another workspace."""
        if self._account is None:
            self._account, _ = self._client.account()
        account = self._account
        same_organization = account.enterprise_id and user.enterprise_user.enterprise_id == account.enterprise_id
        return bool(same_organization) or bool(user.team_id and user.team_id == account.team_id)
