"""Our own sentences about a text: explanations, questions and answers, what a summary would repeat, its risks."""
