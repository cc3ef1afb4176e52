"""What a wearer's sessions add up to over days: totals, calendar, trends, and their text."""
