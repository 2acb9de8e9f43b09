"""A viewing workstation for cloud films."""

__version__ = "0.1.0"
