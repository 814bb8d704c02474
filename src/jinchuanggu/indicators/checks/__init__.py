"""What is wrong with a filing, or asks for a word of explanation."""
