"""A language model's proposals: the prompts, the answers, and the parts of an answer that the text supports.

Pure: text and bytes to structs. Nothing here calls a model, reads a clock or a setting. An answer is untrusted
input: no word of it is published unless a check here passed it.
"""
