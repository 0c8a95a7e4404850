"""Proofs of live/ and modules/: applied with the real provider to emulated AWS (``make test-infra``)."""
