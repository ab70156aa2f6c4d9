"""The words: plain values and pure rules that every other package shares. Imports nothing of ours."""
