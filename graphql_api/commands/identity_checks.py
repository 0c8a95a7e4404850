"""What `expense doctor` looks at of those who call: the mode, and whether the issuer's keys can be had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.commands.checks import Check

if TYPE_CHECKING:
    from graphql_api.settings import Settings

_MODES = {
    "local": "local: everybody who can connect counts as the machine's owner",
    "tokens": "tokens: personal API tokens are taken",
}


async def identity_check(settings: Settings) -> Check:
    """How callers are told apart."""
    if settings.oidc_issuer is None:
        return Check("identity", "ok", _MODES[settings.identity])
    from graphql_api.identity.issuer import Issuer, IssuerUnavailable
    from graphql_api.identity.keys import Keys

    try:
        async with Issuer(settings.oidc_issuer) as issuer:
            await issuer.keys()  # which says why, where finding one says that there is none
            keys = Keys(issuer)
            found = {name: len(await keys.find(name, None)) for name in settings.oidc_algorithms}
    except IssuerUnavailable as error:
        advice = "Nobody is known by an access token until it answers: start it, or mend EXPENSE_OIDC_ISSUER."
        return Check("identity", "fail", str(error), advice)
    told = ", ".join(f"{number} for {name}" for name, number in found.items())
    if not any(found.values()):
        advice = "Let the issuer sign so, or name what it signs with in EXPENSE_OIDC_ALGORITHMS."
        return Check("identity", "fail", f"oidc: {settings.oidc_issuer} has no keys: {told}", advice)
    return Check("identity", "ok", f"oidc: {settings.oidc_issuer} has keys: {told}")
