"""What we say, in the language of whoever reads it.

languages   which languages there are, which one a request asks for, and the sentences of one from its file
said        sentences that know of which words they were made, so that they can be told in any language, also later
kept        what was said inside of JSON that is stored
locale/     the sentences of `said`, of the catalogue of problems and of refusals, in other languages than English

What is stored, hashed or compared is always in English, with the words; languages are only for those who read.
"""

from openspending.speaking.languages import ENGLISH, LANGUAGES
from openspending.speaking.said import Said, said, together, told

__all__ = ["ENGLISH", "LANGUAGES", "Said", "said", "together", "told"]
