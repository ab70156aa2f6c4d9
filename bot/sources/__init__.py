"""Partners' sources: added, previewed, read, filed, watched, explained.

May touch sources, proposals and what was read; asks the web through errands alone. No letter is written here, save
to tell what is wrong with a source.
"""

from bot.sources import commands, keeping, offers, reasons

FEATURES = (commands.FEATURE, offers.FEATURE, reasons.FEATURE, keeping.FEATURE)
