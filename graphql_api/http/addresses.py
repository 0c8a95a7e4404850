"""Where a running server is to be found."""

from __future__ import annotations

from ipaddress import ip_address


def addresses(host: str, port: int, *, pages: bool) -> dict[str, str]:
    """The addresses that are worth knowing, by name; without the pages for browsers where they are switched off."""
    base = f"http://{_reachable(host)}:{port}"
    shown = {"Playground": f"{base}/graphql", "REST documentation": f"{base}/docs"} if pages else {}
    return {**shown, "GraphQL": f"{base}/graphql", "Health": f"{base}/health", "Metrics": f"{base}/metrics"}


def _reachable(host: str) -> str:
    """A host that a browser on this machine can open, also where the server listens on all addresses."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if address.is_unspecified:
        return "127.0.0.1" if address.version == 4 else "[::1]"  # noqa: PLR2004  the IP version
    return host if address.version == 4 else f"[{host}]"  # noqa: PLR2004  the same
