"""Tests, which mirror the package; servers/ starts the real servers they run on."""
