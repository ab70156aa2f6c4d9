"""From a word to an answer: which command is meant, what is missing, who may, and what is answered.

May touch drafts, errands and the roles of who asks. Knows no subject: a route is a name, its fields and a handler.
"""
