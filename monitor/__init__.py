"""What the person meets: command line, live window, coach, sound, history, reports."""
