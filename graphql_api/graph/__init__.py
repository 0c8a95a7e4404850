"""GraphQL's plumbing: scalars, ids, connections, payloads and the request's context. Knows no noun of the ledger."""
