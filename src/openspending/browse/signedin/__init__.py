"""What pages share that are for people who have signed in, and change something for them.

acting   forms, and asking the APIs as their visitor
words    words of the APIs, as people read them
notices  what was done
visit    who is there, and how they are answered
"""
