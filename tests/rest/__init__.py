"""Tests of both REST dialects."""
