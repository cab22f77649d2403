"""What the image is built from: facts, landmarks, towns, generated places, people."""
