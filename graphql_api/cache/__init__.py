"""What is kept to answer faster, and is never an authority."""
