"""Yearly monitoring (晋政办发〔2024〕40号 二（三）4): settings, figures, drafts, evaluation, letters."""
