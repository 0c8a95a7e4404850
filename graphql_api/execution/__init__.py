"""Running GraphQL documents: parsed, validated and limited once. Knows GraphQL, knows no expense."""
