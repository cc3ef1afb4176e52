"""How data are said to people: names of terms, lengths, the words of the live screens, text that people gave."""
