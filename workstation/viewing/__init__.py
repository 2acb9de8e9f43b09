"""What is shown, where, and what the user just did. No Qt, no files, no network."""
