"""What a link, a code or a path opens."""
