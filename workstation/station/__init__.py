"""What this workstation is and what it may do: policy, secrets, audit, checks."""
