"""The project's tools."""
