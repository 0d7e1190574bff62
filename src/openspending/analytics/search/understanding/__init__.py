"""What a person typed, understood: words, phrases, codes and what is left out, with forms, beginnings and misspellings.

understood    what understanding answers
asking        the parts of a typed text, by its quotes, minus signs and asterisks
endings       languages: which endings make forms of one word
remembered    the words that there are, asked for once
inflections   the forms of a word that a vocabulary has
compounds     words made of words
nearwords     what a misspelled word was meant to be
widening      a word that the vocabulary does not have, read as well as can be
reading       all of it, as a tree
highlighting  where in a value the asked words stand
"""

from openspending.analytics.search.understanding.highlighting import highlighted
from openspending.analytics.search.understanding.reading import together, understand
from openspending.analytics.search.understanding.understood import How, Understood, Vocabulary, Word

__all__ = ["How", "Understood", "Vocabulary", "Word", "highlighted", "together", "understand"]
