"""Who calls: the access tokens of an OpenID Connect issuer, and personal API tokens."""
