"""What a text says, and what it leaves out: claims, figures, summary, questions, missing voices."""
