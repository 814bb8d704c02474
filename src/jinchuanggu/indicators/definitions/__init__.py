"""What figures there are: shipped and added indicators, their words, formulas and screens' material."""
