"""The store: instances as they were received, sealed on this machine's disk, under a key of their own a study."""
