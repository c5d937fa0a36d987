"""The content of a text and its omissions: claims, figures, summary, questions, missing voices."""
