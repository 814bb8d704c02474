"""The screens of this room beyond the declared ones."""
