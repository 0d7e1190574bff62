"""How a number is proven: by a receipt, by its facts, by the rows of the publisher's file.

receipts      what an aggregate states, and of which facts
receiptform   … its parts; reading one
verifying     … checked against the stored files alone
lineage       a fact by its id, and where its values come from
sourcewindow  … in the publisher's own file
sourcefiles   … which is at hand
"""
