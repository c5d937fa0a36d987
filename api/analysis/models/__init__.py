"""What was learned, with the weights beside the code that applies them: encoder, tagger, models over words."""
