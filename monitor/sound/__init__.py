"""What a session sounds like: tones and speech; silent where the machine cannot."""
