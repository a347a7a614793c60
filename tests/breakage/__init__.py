"""Entries of the catalog, broken in the ways that people break them: does the check that is meant for it notice?"""
