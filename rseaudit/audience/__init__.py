"""Measure how a text suits its readers: language, difficulty, load, jargon, address, dates.

Pure functions over text, without a trained model but for language identification. Every place
that they return is in code points of the text they were given.
"""
