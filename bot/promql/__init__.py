"""What an expression asks for."""
