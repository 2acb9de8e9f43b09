"""One module a tool: stateless; a gesture is an object that dies on release."""
