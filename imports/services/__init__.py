"""The verbs of imports: begin one, say what its columns mean, check it, carry it out."""
