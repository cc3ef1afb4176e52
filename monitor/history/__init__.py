"""What a wearer's sessions add up to over days.

In the order data flows: `trends` (repeated measurements of one quantity), `totals` (days, goals, trends of one
wearer), and as text `calendar`, `dot_plot` and `text`, which joins them.
"""
