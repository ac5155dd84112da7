"""Names, dates and numbers in many languages, aligned: Unicode's Common Locale Data Repository, through Babel.

- `names`: languages, territories, scripts, currencies, units and cities, one pair each.
- `dates`: days written out, e.g. "Thursday, February 29, 2024" and 2024年2月29日星期四.
- `numbers`: decimals, compact numbers, sums of money, and number words for English and Chinese.
- `name_corpus`: names in many languages, labeled: to tell languages apart.

Random splits of such data are easy. `held_out_years`, `held_out_days` and `held_out_digits` ask for more.
"""

from companion.corpora.cldr.dates import dates, held_out_days, held_out_years
from companion.corpora.cldr.locales import locale_codes
from companion.corpora.cldr.names import KINDS, LANGUAGES, name_corpus, names
from companion.corpora.cldr.numbers import FORMS, held_out_digits, numbers

__all__ = [
    "FORMS",
    "KINDS",
    "LANGUAGES",
    "dates",
    "held_out_days",
    "held_out_digits",
    "held_out_years",
    "locale_codes",
    "name_corpus",
    "names",
    "numbers",
]
