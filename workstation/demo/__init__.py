"""What can be shown with no hospital at all: the embedded cloud and its sample films."""
