"""The doors over HTTP: GraphQL, the REST mounts, health, metrics and the playground's files."""
