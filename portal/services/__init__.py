"""What a customer can do: prove who they are, ask for something, write."""
