"""What a text says and what it lacks: news, claims' points, figures, summary, omissions, missing voices."""
