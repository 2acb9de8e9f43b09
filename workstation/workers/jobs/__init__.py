"""What a worker process can do: one module a kind of job."""
