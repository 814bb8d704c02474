"""Profiles of any number of firms as one workbook: template, export, check, import."""
