"""Processes with limits, and the native parsers of foreign bytes that run in them."""
