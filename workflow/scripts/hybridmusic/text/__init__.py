"""Write a sentence about each track, and embed sentences as vectors."""
