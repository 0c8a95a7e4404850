"""The GraphQL door, driven through HTTP within the process."""
