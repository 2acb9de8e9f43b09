"""Where on the desk, in which language: the only room that knows Qt."""
