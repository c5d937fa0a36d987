"""Texts in languages that the rules cannot read: a closed list of twelve, in which a language model judges alone.

Their words are parted by spaces, so that text and answers can be compared word by word. A text is cut into
sentences and quotations by its characters; nothing is parsed. What a model writes on it is checked in the
language of its sentences: that of the text, or English.
"""
