"""The container's image, run for real; see `make test-image`."""
