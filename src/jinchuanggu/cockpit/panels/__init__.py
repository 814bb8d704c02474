"""The panels of the cockpit: each answers one question with a sentence, a picture and the table behind it."""
